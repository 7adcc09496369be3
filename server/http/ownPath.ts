/**
 * Reads a path of this server, with its query and fragment, where a text may name any address.
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
  return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : null;
}
