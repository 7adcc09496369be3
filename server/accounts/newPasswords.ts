import { nameKey } from '../store/username.ts';

/** The fewest and the most characters of a new password. @see NIST SP 800-63B-4 §3.1.1.2 */
export const passwordLength = { least: 8, most: 1024 } as const;

const keyOf = (text: string): string => text.normalize('NFKC').toLowerCase();

async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const longEnough = dictionary['passwords-common'].filter((each) => each.length >= passwordLength.least);
  return new Set(longEnough.map(keyOf));
}

let common: Promise<ReadonlySet<string>> | null = null;

/**
 * Says why a password cannot be a new one: it is too short, or among the first that anybody guesses. Whole passwords are
 * compared, whatever their case, and never parts of them: long ones of common words are good ones. The list, of about
 * 18,000, is loaded at the first call.
 *
 * @param username of the account, which is no password of it either
 * @returns what it must be, to follow the name of the field; `null` when it can be.
 * @see NIST SP 800-63B-4 §3.1.1.2
 */
export async function whyNotPassword(password: string, username: string): Promise<string | null> {
  const { least, most } = passwordLength;
  if (password.length < least || password.length > most) return `must have ${least} to ${most} characters`;
  if (!password.isWellFormed()) return 'must be Unicode';
  if (nameKey(password) === nameKey(username)) return 'must not be the user name';
  common ??= loadCommon();
  return (await common).has(keyOf(password)) ? 'must not be one of the most common passwords' : null;
}
