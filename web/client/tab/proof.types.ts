import type { SessionFetch } from '../http/requests.types.ts';

/** What a proof is given: the tab whose user signs in, or signs in again. */
export interface ProofTab {
  /** As the session that is to go on: with its credential and its `Session-Id`, however dead it is; renews nothing. */
  readonly fetch: SessionFetch;
  /** The id of the session that is to go on; `null` at a sign-in. */
  readonly session: string | null;
  /** At the locked screen, the user has said that they are somebody else; until a user is signed in. */
  readonly isAnother: boolean;
  /** Aborts when the user cancels, or when the tab stops. */
  readonly signal: AbortSignal;
  /** Saves the user's work before the page is left. @throws `Refused` with `not_saved` when some of it is only here */
  readonly flush: () => Promise<void>;
  /**
   * Waits until the user has signed in on another page: until the server says so, asked again at every sign of it.
   *
   * @throws `Refused` when that page says that it did not work
   */
  readonly signedIn: () => Promise<void>;
  /**
   * Makes a name, as for the storage of the browser, one of this application alone: another one of the same origin, whose
   * server is elsewhere, makes another of it.
   */
  readonly ownName: (name: string) => string;
}

/**
 * Makes the server sign the user in by something other than a password. It is called in the click itself, so that it may
 * open a window. A `Response` that is not OK is a refusal; a `token` in its JSON body is kept in bearer mode. Afterwards
 * the tab asks the server who is signed in, whatever the proof says.
 */
export type ProveElsewhere = (tab: ProofTab) => Promise<unknown>;

/** How a user proves who they are: a password, or what makes the server sign them in by something else. */
export type Proof = string | ProveElsewhere;
