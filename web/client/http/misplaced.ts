/** What was asked of the server, and what of the answer shows that Curfew did not give it. */
export interface Misplaced {
  readonly method: string;
  readonly url: string;
  /** As in `404`. */
  readonly answer: string;
}

/**
 * Tells the developer, in the browser's console, that something else than Curfew answers where this tab looks for its
 * routes: a framework that has none there, or a server that gives its one page for every address.
 */
export function tellMisplaced({ method, url, answer }: Misplaced): void {
  const advice = 'are Curfew’s routes mounted, and is basePath the same as the server’s?';
  // oxlint-disable-next-line eslint/no-console -- it is for the developer, and no page shows it
  console.error(`curfew: ${method} ${url} answered ${answer}: ${advice}`);
}
