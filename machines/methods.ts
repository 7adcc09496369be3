/**
 * How a person proved who they are: registered `amr` values, possibly none where it is not known. Logs of rules 1 have
 * the word `pwd` alone, which is what every sign-in was then.
 *
 * @see RFC 8176
 */
export type AuthenticationMethod = 'pwd' | readonly string[];

/** The values that are registered. @see RFC 8176 §2 */
export const registeredMethods: readonly string[] = [
  'face',
  'fpt',
  'geo',
  'hwk',
  'iris',
  'kba',
  'mca',
  'mfa',
  'otp',
  'pin',
  'pop',
  'pwd',
  'rba',
  'retina',
  'sc',
  'sms',
  'swk',
  'tel',
  'user',
  'vbm',
  'wia',
];

const registered: ReadonlySet<unknown> = new Set(registeredMethods);

/** Whether something is a list of registered `amr` values, each at most once; none at all are fine. */
export const isMethodList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && new Set(value).size === value.length && value.every((each) => registered.has(each));

/** The method as a list, however it was written. */
export const methodsOf = (method: AuthenticationMethod): readonly string[] => (method === 'pwd' ? [method] : method);
