import { ownPath } from '../http/ownPath.ts';

/** Of the API nothing is a page. */
const isApi = (path: string): boolean => /^\/api([/?#]|$)/.test(path);

/**
 * Reads where a page wants to be returned to: a path of this application's pages, with its query and fragment.
 *
 * @returns it as browsers would take it, or `null` for anything else
 * @see ASVS 5.0 3.7.2, CWE-601
 */
export function ownPage(text: string): string | null {
  const path = ownPath(text);
  return path === null || isApi(path) ? null : path;
}
