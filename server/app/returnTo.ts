/** Of the API nothing is a page. */
const isApi = (path: string): boolean => /^\/api(\/|$)/.test(path);

/**
 * Reads where a page wants to be returned to: a path of this application's pages, with its query and fragment.
 *
 * @returns it as browsers would take it, or `null` for anything else
 * @see ASVS 5.0 3.7.2, CWE-601
 */
export function ownPath(text: string): string | null {
  // A browser takes a backslash for a slash, and drops tabs and line ends.
  if (!/^\/(?![/\\])/.test(text) || /[\p{C}\\]/u.test(text)) return null;
  const here = 'https://here.invalid';
  if (!URL.canParse(text, here)) return null;
  const { origin, pathname, search, hash } = new URL(text, here);
  if (origin !== here || pathname.startsWith('//') || isApi(pathname)) return null;
  return `${pathname}${search}${hash}`;
}
