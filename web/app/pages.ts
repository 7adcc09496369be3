/** A page beside the conversations, as the header links to it. */
export interface Page {
  readonly path: string;
  readonly label: string;
}

/** The pages the header links to, in this order; a page that does not exist yet is not listed. */
export const pages: readonly Page[] = [
  { path: '/settings', label: 'Settings' },
  { path: '/security', label: 'Security' },
];

/** The page that only administrators see; the server decides who is one, at every request. */
export const administration: Page = { path: '/admin', label: 'Administration' };

/** Whether a user was an administrator when they signed in. */
export const isAdministrator = (user: object | null): boolean =>
  user !== null && 'role' in user && user.role === 'administrator';

/**
 * Which session's story administrators ask for: `''` is none yet.
 *
 * @returns `null` when the path leads elsewhere.
 */
export function administeredIn(path: string): string | null {
  const found = /^\/admin(?:\/sessions\/([\w-]+))?\/?$/.exec(path);
  return found && (found[1] ?? '');
}

/** Where administrators read a session's story. */
export const storyPath = (session: string): string => `/admin/sessions/${session}`;

/** The conversation a path leads to; `null` when it leads elsewhere. */
export const conversationIn = (path: string): string | null => /^\/conversations\/([\w-]+)\/?$/.exec(path)?.[1] ?? null;

/**
 * Which session a path inspects: `''` is the one that looks.
 *
 * @returns `null` when the path leads elsewhere.
 */
export function inspectedIn(path: string): string | null {
  const found = /^(?:\/security)?\/inspector(?:\/([\w-]+))?\/?$/.exec(path);
  return found && (found[1] ?? '');
}

/** Where a session is inspected. */
export const inspectorPath = (session: string): string => `/security/inspector/${session}`;

/** Whether an address is one of the application's own pages, so that it may be opened without the server. */
export const isPage = ({ pathname, searchParams }: URL): boolean =>
  // A page that asks for the inspector comes with other headers, so the server has to be asked for it.
  !searchParams.has('inspect') &&
  (['/', administration.path, ...pages.map(({ path }) => path)].includes(pathname) ||
    [conversationIn, administeredIn, inspectedIn].some((leads) => leads(pathname) !== null));
