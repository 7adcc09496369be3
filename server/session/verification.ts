/** What shows that a user has a key and is there, and no more. */
const possession: ReadonlySet<string> = new Set(['hwk', 'swk', 'pop', 'user']);

/**
 * Whether a proof shows more than the possession of a key: a passkey without user verification proves that a user has
 * the device, not which user it is. A list that says nothing is taken at the word of the provider.
 *
 * @param methods registered `amr` values
 * @see WebAuthn Level 3 §4, user verification; RFC 8176 §2
 */
export const isVerified = (methods: readonly string[]): boolean =>
  methods.length === 0 || methods.some((each) => !possession.has(each));
