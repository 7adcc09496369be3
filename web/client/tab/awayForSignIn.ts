import { readStored, writeStored, type KeyValue } from '../http/tokens.ts';

const returnKey = 'curfew.return';
const problemKey = 'curfew.problem';
const resumedKey = 'curfew.resumed';

const textIn = (storage: KeyValue, key: string): string | null => {
  const value = readStored(storage, key);
  return typeof value === 'string' ? value : null;
};

/** Keeps, in the storage of one tab, where its user is sent back to from signing in on another page; `null` deletes it. */
export const setReturn = (storage: KeyValue, path: string | null): void => writeStored(storage, returnKey, path);

/** @returns where the user of this tab is to be sent back to; `null` when they have not been sent away from here. */
export const readReturn = (storage: KeyValue): string | null => textIn(storage, returnKey);

/** In place of a path: the page is in a window that was opened for the sign-in, and is closed at its end. */
export const inWindow = 'window';

/** Keeps why the sign-in on another page did not work, for the page that the user is sent back to. */
export const setProblem = (storage: KeyValue, code: string): void => writeStored(storage, problemKey, code);

function take(storage: KeyValue, key: string): string | null {
  const text = textIn(storage, key);
  if (text !== null) writeStored(storage, key, null);
  return text;
}

/** @returns why the sign-in on another page did not work, once; `null` when nothing is the matter. */
export const takeProblem = (storage: KeyValue): string | null => take(storage, problemKey);

/** Keeps which session the sign-in on another page was to go on with, for the page that the user is sent back to. */
export const setResumed = (storage: KeyValue, session: string): void => writeStored(storage, resumedKey, session);

/** @returns the session that a sign-in on another page was to go on with, once; `null` after anything else. */
export const takeResumed = (storage: KeyValue): string | null => take(storage, resumedKey);

/**
 * A path of this page's own origin, as it stands in the address bar.
 *
 * @returns `null` for anything that may lead elsewhere
 */
export function ownPath(path: unknown, origin: string): string | null {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, origin)) return null;
  const url = new URL(path, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : null;
}
