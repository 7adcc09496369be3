/** What nobody sees: control and format characters, fillers, variation selectors, and the empty pattern of Braille. */
const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** A letter, a digit, a sign: something that has a shape of its own. */
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** How long a name may be, in UTF-16 units. */
export const longestName = 100;

/**
 * Says why a name cannot be that of an account. A name that is invisible, or that looks like another one, would pass for
 * that of another user. Spaces around it do not count: it is to be trimmed.
 *
 * @returns what it must be, to follow the name of the field; `null` when it can be.
 * @see Unicode UTS #39 §3.1, UAX #44 Default_Ignorable_Code_Point
 */
export function whyNotName(username: string): string | null {
  if (username.length < 1 || username.length > longestName) return `must have 1 to ${longestName} characters`;
  if (unseen.test(username)) return 'must hold only characters that can be seen';
  return seen.test(username) ? null : 'must hold a letter, a digit or a sign';
}
