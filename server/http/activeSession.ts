import type { SessionView } from '../../machines/index.ts';

/** What a route knows of the session of a request. */
export interface ActiveSession {
  /** The id of the session. */
  readonly id: string;
  /** The user's id. */
  readonly user: string;
  /** The user's name, read with each request; `null` where none is known, and on Curfew's own routes. */
  readonly name: string | null;
  /** What the user may do, in a word, read with each request; `null` where none is known, and on Curfew's own routes. */
  readonly role: string | null;
  /** The session as it is at this request: its state and deadlines, in epoch ms. */
  readonly view: SessionView;
  /** How the user proved who they are: registered `amr` values, none where it is not known. @see RFC 8176 */
  readonly method: readonly string[];
  /**
   * Aborts when the session lapses or ends, wherever that happens, or when the server stops: for what goes on after the
   * answer has begun, such as a download or a socket. Nothing is watched until it is asked for.
   */
  readonly signal: AbortSignal;
  /**
   * Judges the request once more: for a handler that has waited, for a body, say. A session that has ended meanwhile
   * must have no effect any more.
   *
   * @returns the refusal to answer with, or `null` when the session is as good as before.
   * @see ASVS 5.0 7.4.1
   */
  readonly check: () => Promise<Response | null>;
}

/** What is known of a user besides their id. */
export interface KnownPerson {
  readonly name: string | null;
  readonly role: string | null;
}
