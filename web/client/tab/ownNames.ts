import { addressOf, serverAt } from '../http/authenticatedRequests.ts';
import type { KeyValue } from '../http/tokens.ts';
import type { Browser } from './browser.ts';
import type { TabOptions } from './options.ts';

/** Makes a name, for what all applications of an origin share, one of this application alone. */
export type OwnName = (name: string) => string;

/**
 * What keeps apart the applications of one origin: where the server of each is. Beneath `/api` of the page's own origin
 * names stay as they are; elsewhere they end with `@` and that path, or that address where it is of another origin.
 *
 * @param page the page's own address
 */
export function ownNames(
  { baseUrl = '', basePath = '/api' }: Pick<TabOptions, 'baseUrl' | 'basePath'>,
  page: string | undefined,
): OwnName {
  // Without a page, or on one without an address, nothing is kept and nothing has to be told apart.
  if (page === undefined || !URL.canParse(baseUrl === '' ? '/' : baseUrl, page)) return (name) => name;
  const routes = addressOf(basePath, serverAt(baseUrl, page));
  const where = routes.origin === new URL(page).origin ? routes.pathname : routes.href;
  return where === '/api' ? (name) => name : (name) => `${name}@${where}`;
}

/** Storage in which every key is one of this application alone. */
export const ownStorage = (storage: KeyValue, ownName: OwnName): KeyValue => ({
  getItem: (key) => storage.getItem(ownName(key)),
  setItem: (key, value) => storage.setItem(ownName(key), value),
  removeItem: (key) => storage.removeItem(ownName(key)),
});

/** A browser in which everything that has a name is this application's alone. */
export function ownBrowser(browser: Browser, ownName: OwnName): Browser {
  const { local, session, openRecords, openPipe, locks } = browser;
  return {
    ...browser,
    local: ownStorage(local, ownName),
    session: ownStorage(session, ownName),
    openRecords: (home) => openRecords(ownName(home)),
    openPipe: (name) => openPipe(ownName(name)),
    locks: locks && { request: (name, options, run) => locks.request(ownName(name), options, run) },
  };
}
