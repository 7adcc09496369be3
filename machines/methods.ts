/**
 * How a person proved who they are: registered `amr` values, possibly none where it is not known. Logs of rules 1 have
 * the word `pwd` alone, which is what every sign-in was then.
 *
 * @see RFC 8176
 */
export type AuthenticationMethod = 'pwd' | readonly string[];

/** What the registered values stand for, as the object of "with". @see RFC 8176 §2 */
const words: ReadonlyMap<string, string> = new Map([
  ['face', 'their face'],
  ['fpt', 'a fingerprint'],
  ['geo', 'their location'],
  ['hwk', 'a hardware key'],
  ['iris', 'their iris'],
  ['kba', 'answers to questions'],
  ['mca', 'several channels'],
  ['mfa', 'several factors'],
  ['otp', 'a one-time code'],
  ['pin', 'a PIN'],
  ['pop', 'a key'],
  ['pwd', 'a password'],
  ['rba', 'an assessment of the risk'],
  ['retina', 'their retina'],
  ['sc', 'a smart card'],
  ['sms', 'a text message'],
  ['swk', 'a software key'],
  ['tel', 'a phone call'],
  ['user', 'a touch'],
  ['vbm', 'their voice'],
  ['wia', 'Windows'],
]);

/** The values that are registered. @see RFC 8176 §2 */
export const registeredMethods: readonly string[] = [...words.keys()];

const registered: ReadonlySet<unknown> = new Set(registeredMethods);

/** Whether something is a list of registered `amr` values, each at most once; none at all are fine. */
export const isMethodList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && new Set(value).size === value.length && value.every((each) => registered.has(each));

/** The method as a list, however it was written. */
export const methodsOf = (method: AuthenticationMethod): readonly string[] => (method === 'pwd' ? [method] : method);

const listInWords = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;

/**
 * How a person proved who they are, and to which provider, as the end of a sentence such as "somebody signed in".
 *
 * @returns for example ` with a password and a one-time code, at https://id.example`; empty where nothing is known.
 */
export function methodsInWords(method: AuthenticationMethod, issuer?: string): string {
  const methods = methodsOf(method);
  const how = methods.length > 0 ? ` with ${listInWords(methods.map((each) => words.get(each) ?? each))}` : '';
  if (issuer === undefined) return how;
  return how === '' ? ` at ${issuer}` : `${how}, at ${issuer}`;
}
