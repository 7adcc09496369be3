import { anything, flag, list, object, of, oneOf, orNull, text, timestamp, whole, type Shape } from './shape.ts';

/** An existing password. */
export const password: Shape = { type: 'string', minLength: 1, maxLength: 1024 };

/** A new password. */
export const newPassword: Shape = { ...password, minLength: 8 };

/** What sign-in and registration take. */
export const entering = { username: text, password, remember: flag, transport: oneOf('cookie', 'bearer') };

/** What a successful sign-in answers. */
export const admitted = {
  user: of('User'),
  session: of('Session'),
  vaultKey: of('VaultKey'),
  'olderKeys?': list(of('VaultKey')),
  'token?': text,
};

/** A session with its new token. */
export const renewed = { session: of('Session'), 'token?': text };

/** A piece of preserved work. */
export const draft = { ciphertext: text, savedAt: whole, expiresAt: whole };

/** A piece of preserved work, as it is answered. */
export const answeredDraft = { ciphertext: text, savedAt: whole, 'expiresAt?': whole };

/** A page of a session’s log. */
export const history = {
  events: list(of('LogEntry')),
  'next?': whole,
  replay: object({ leaf: text, context: anything }, []),
};

/** The file with everything that is kept of a user. */
export const userExport = {
  format: oneOf('curfew-user-export'),
  version: { type: 'integer', enum: [1] },
  exportedAt: timestamp,
  language: { ...text, description: 'of the sentences in it, BCP 47' },
  user: object({ id: text, name: orNull(text), role: orNull(text) }, []),
  settings: object({ limits: of('Policy') }, []),
  'application?': { ...anything, description: 'what the option exportUserData adds' },
  sessions: list(of('ExportedSession')),
  drafts: list(of('ExportedDraft')),
};
