import type { TabProblem } from '../../../machines/index.ts';
import type { ProveElsewhere } from './proof.types.ts';

/** A password, typed on the locked screen. */
export interface PasswordWay {
  readonly kind: 'password';
  /**
   * The route of the application that takes it, as a path: `{ password }` as JSON is posted there, with the credential and
   * the `Session-Id` of the session that is to go on, and it calls `signIn`. Default Curfew's own route.
   */
  readonly url?: string | undefined;
}

/** Sign-in by passkey, with whatever else the server says of it, such as the options of a challenge. */
export interface PasskeyWay {
  /** Which way it is. */
  readonly kind: 'passkey';
  readonly [member: string]: unknown;
}

/** Single sign-on at a provider. */
export interface SsoWay {
  /** Which way it is. */
  readonly kind: 'sso';
  /** What the user calls the provider. */
  readonly name: string;
  /** The page that begins the sign-in there; `popup` and `redirect` add to its query what it is for. */
  readonly url: string;
}

/** One way in which a user can sign in again, as the server's option `ways` says. */
export type Way = PasswordWay | PasskeyWay | SsoWay;

/** The ways in which the user of this tab can sign in again. */
export interface Ways {
  /** `null` until the server has answered. Only what this tab can do: a passkey needs the option `passkey`. */
  readonly list: readonly Way[] | null;
  /** The server could not be asked: the list says `password`, and asking again may say something else. */
  readonly isUnknown: boolean;
  /** The user's name as the server says it; `null` where it says none. */
  readonly name: string | null;
  /** Why the last sign-in on another page did not work, when the user was sent back from there; `null` if it did. */
  readonly problem: TabProblem | null;
}

/** The ways as a tab keeps them; the same object as long as nothing of them changes. */
export interface WaysStore {
  /** What is known of the ways now. */
  readonly read: () => Ways;
  /** Calls at every change. @returns what stops it */
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the server; never rejects. What it answered before for this session is shown meanwhile. */
  readonly ask: () => Promise<Ways>;
  /** @returns the proof by which a way is gone; `null` for a password, which has to be typed first */
  readonly proofFor: (way: Way) => ProveElsewhere | null;
}
