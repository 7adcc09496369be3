import type { WarningStage } from './events.ts';
import type { Duration, Instant } from './time.ts';
import type { Reason, SessionView } from './view.ts';

/** Who is signed in. */
export interface User {
  readonly id: string;
  readonly username: string;
}

/** Something that did not work, as a value: `code` is the server's, or `network` when it could not be reached. */
export interface TabProblem {
  readonly code: string;
  /** What the server says about it, as a sentence. */
  readonly detail?: string;
  /** In how many ms another try makes sense, where the server said so. */
  readonly retryAfter?: Duration;
  /** When it happened, by the server's clock as this tab reckons it. */
  readonly at: Instant;
}

/** What a sign-in is sent with. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly remember: boolean;
  /** Makes the account first. */
  readonly register: boolean;
}

/**
 * Makes the server sign the user in by something other than a password, and settles once that is done. What it asks the
 * server waits for `before`.
 */
export type Prove = (before: Promise<unknown>) => Promise<unknown>;

/** A user proves who they are by something other than a password. */
export interface OtherProof {
  readonly prove: Prove;
}

/** How a user proves again who they are. */
export type Reproof = { readonly password: string } | OtherProof;

/** Everything a tab knows besides its state. */
export interface TabContext {
  readonly user: User | null;
  readonly view: SessionView | null;
  readonly stage: WarningStage;
  /** The last known instant of the server's clock. */
  readonly now: Instant;
  /** When to try again by itself what could not reach the server. */
  readonly retryAt: Instant | null;
  readonly problem: TabProblem | null;
  /** Why the session is over, as far as is known. */
  readonly reason: Reason | null;
  /** At the locked screen, the user has said that they are somebody else; until a user is signed in. */
  readonly isAnother: boolean;
  /** A new token is on its way; there is never more than one such request. */
  readonly isRefreshing: boolean;
  /** Why the last refresh failed; `null` once one has worked. */
  readonly refreshProblem: TabProblem | null;
}

/**
 * The server told how the session is. This is the only event that carries a view, wherever it comes from: the stream,
 * another tab, an answer to any request, or an invoked actor that tells what it was asked for just before it is done.
 */
export interface ServerAnswered {
  readonly type: 'server.answered';
  readonly view: SessionView;
  /**
   * An invoked actor tells what it was asked for: it may be about another session, and corrects the clock although its
   * version is known. Everything else has to be newer, and about the session that this tab shows. Default false.
   */
  readonly isAsked?: boolean;
  /** Who is signed in, where the answer says so. */
  readonly user?: User | null;
}

/** What the tab machine takes. */
export type TabEvent =
  /** A deadline came, by the server's clock as this tab reckons it. */
  | { readonly type: 'clock.reached'; readonly at: Instant }
  | ServerAnswered
  /** The server refused a request because the session is over. */
  | { readonly type: 'server.refused'; readonly reason: Reason | null }
  /** The cookie belongs to another user by now, or is gone. */
  | { readonly type: 'credential.lost' }
  /** Internal: the view in the context is another one, or may mean something else where the tab is now. */
  | { readonly type: 'view.taken' }
  /** A new token has been asked for, and that is answered. */
  | { readonly type: 'refresh.began' }
  | { readonly type: 'refresh.ended'; readonly problem: TabProblem | null }
  /** The user was sent back here from another page, on which the sign-in did not work. */
  | { readonly type: 'signIn.failed'; readonly error: TabProblem }
  | { readonly type: 'network.lost' }
  | { readonly type: 'network.found' }
  /** What the tab knows may be out of date: it was asleep, or its stream, its clock or another tab gives reason to doubt. */
  | { readonly type: 'revalidation.asked' }
  /** The page is hidden or left: what is not saved by then may be lost. */
  | { readonly type: 'tab.left' }
  | ({ readonly type: 'signIn.asked' } & (Credentials | OtherProof))
  /** The person answered the warning. */
  | { readonly type: 'extend.asked' }
  /** The person wants to try again at once what could not reach the server. */
  | { readonly type: 'retry.asked' }
  | ({ readonly type: 'reauthentication.asked' } & Reproof)
  /** The account is being deleted: the end that the stream would tell of is no news. */
  | { readonly type: 'deletion.began' }
  | { readonly type: 'deletion.failed' }
  | { readonly type: 'signOut.asked'; readonly forgetDevice: boolean }
  /** Another user wants to sign in at a locked tab, or the user has read why it ended. */
  | { readonly type: 'signIn.chosen' };

/** Whether an event or an input brings a proof other than a password. */
export const isOtherProof = (given: object): given is OtherProof =>
  'prove' in given && typeof given.prove === 'function';

export const isSignInAsked = (event: { readonly type: string }): event is Extract<TabEvent, { type: 'signIn.asked' }> =>
  event.type === 'signIn.asked';
