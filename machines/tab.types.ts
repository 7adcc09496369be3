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

/** What a sign-in, a resumption or a re-authentication brings. */
export interface SignedIn {
  readonly user: User;
  readonly view: SessionView;
}

/** What a load finds: nobody, somebody, or a session that is over and whose user may not be known. */
export type Resumed = { readonly user: User | null; readonly view: SessionView } | null;

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly remember: boolean;
  /** Makes the account first. */
  readonly register: boolean;
}

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
}

export type TabEvent =
  /** A deadline came, by the server's clock as this tab reckons it. */
  | { readonly type: 'clock.reached'; readonly at: Instant }
  /** The server told how the session is, whatever it was asked, here or in another tab. */
  | { readonly type: 'server.answered'; readonly view: SessionView }
  /** The server refused a request because the session is over. */
  | { readonly type: 'server.refused'; readonly reason: Reason | null }
  /** The cookie is somebody else's by now, or gone. */
  | { readonly type: 'credential.lost' }
  /** A newer view has been taken: what follows from it, follows now. */
  | { readonly type: 'view.taken' }
  | { readonly type: 'network.lost' }
  | { readonly type: 'network.found' }
  /** The tab was asleep or hidden and is back. */
  | { readonly type: 'tab.woke'; readonly at: Instant }
  | ({ readonly type: 'signIn.asked' } & Credentials)
  | { readonly type: 'stay.asked' }
  | { readonly type: 'reauthentication.asked'; readonly password: string }
  | { readonly type: 'signOut.asked'; readonly forgetDevice: boolean }
  /** Somebody else wants to sign in at a locked tab, or the person has read why it ended. */
  | { readonly type: 'signIn.chosen' };

export const isSignInAsked = (event: { readonly type: string }): event is Extract<TabEvent, { type: 'signIn.asked' }> =>
  event.type === 'signIn.asked';
