/** What this tab has kept under a name; `null` where there is nothing, or where the browser denies storage. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps something for as long as the tab lasts, or deletes it with `null`, where the browser lets it. */
export function keep(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // It is asked for again after the next load.
  }
}
