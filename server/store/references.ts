import type { Instant } from '../../machines/index.ts';
import type { TransactionalWrite } from './eventLog.ts';

/** A session at an identity provider: who has issued it, and what it is called there (`sid`). */
export interface Reference {
  /** The provider: `iss` of its ID token. */
  readonly issuer: string;
  /** The session there: `sid` of its ID token. */
  readonly sid: string;
}

/** The provider has ended the session that a sign-in refers to. Ends the transaction of the sign-in. */
export class LoggedOutAtProvider extends Error {
  override readonly name = 'LoggedOutAtProvider';
}

/** Which sessions belong to which sessions at identity providers, and which of those have ended. */
export interface References {
  /**
   * The write that binds a session to a reference, in place of the one before. Of it and `logOut` for the same reference
   * one sees the other, whichever comes first.
   *
   * @throws LoggedOutAtProvider inside the transaction, when that reference was logged out
   */
  bindWrite(session: string, reference: Reference, at: Instant): TransactionalWrite;
  /**
   * Remembers until an instant that a reference was logged out.
   *
   * @returns the ids of the sessions that are bound to it.
   */
  logOut(reference: Reference, until: Instant): Promise<readonly string[]>;
  /** The write that erases the references of all sessions of a user. */
  eraseWrite(user: string): TransactionalWrite;
  /** Erases the logouts that are remembered until an instant or less. */
  purge(at: Instant): Promise<void>;
}
