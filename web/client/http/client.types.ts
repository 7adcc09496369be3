import type { Duration, Reason, SessionView, TabEvent } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { SigningPorts } from './authenticatedRequests.ts';
import type { ReauthenticationLock } from './reauthenticationLock.ts';
import type { SessionFetch } from './requests.types.ts';
import type { Admission } from './wire.ts';

/** What is told of a refresh. */
export type RefreshEvent = Extract<TabEvent, { readonly type: 'refresh.began' | 'refresh.ended' }>;

/** Why a token is renewed: a user answered the warning, or the token is about to end. */
export type RefreshIntent = 'extend' | 'rotate';

/** What the client needs, and what it calls with what it learns. */
export interface ClientPorts extends SigningPorts {
  /** Beneath which Curfew's own routes are, as in `/api`. */
  readonly basePath: string;
  readonly timer: Timer;
  readonly reauthenticationLock: ReauthenticationLock;
  /** Called with every view as it arrives, so that other tabs hear of it. */
  readonly announce: (view: SessionView) => void;
  /** Called with a view that the caller leaves to be taken. */
  readonly onView: (view: SessionView) => void;
  readonly onRefused: (reason: Reason | null) => void;
  readonly onLost: () => void;
  readonly onRefresh: (event: RefreshEvent) => void;
}

/** What a call says besides its path. */
export interface Call {
  readonly method?: string;
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer may take, in ms. Default 10 s. */
  readonly within?: Duration;
  /** Leaves out the session this tab is about: no user is signed in yet. */
  readonly anonymous?: boolean;
  /** Speaks with what this browser has, whichever session that is: leaves out the one that this tab is about. */
  readonly asBrowser?: boolean;
  /** Leaves what follows from the answer to the caller: neither its view nor a refusal is told. */
  readonly quiet?: boolean;
}

/** Speaks to the server for one tab. */
export interface Client {
  /** Calls a route of Curfew's own. @throws `Refused` */
  readonly call: <Value>(path: string, is: (body: unknown) => body is Value, call?: Call) => Promise<Value>;
  /** For the application's own routes. */
  readonly fetch: SessionFetch;
  /**
   * A new token, never two at once; `extend` says that a user answered, and leaves what follows to the caller.
   *
   * @throws `Refused`
   */
  readonly refresh: (intent: RefreshIntent) => Promise<SessionView>;
  /** How the session is, without touching it. @throws `Refused` */
  readonly sessionInfo: (quiet?: boolean) => Promise<SessionView>;
  /** Proves again who the user is. Every earlier token is void from then on. @throws `Refused` */
  readonly prove: (password: string, quiet?: boolean) => Promise<Admission>;
  /** For what a proof other than a password asks: whose answer may be a new token, so that nothing is renewed meanwhile. */
  readonly proofFetch: SessionFetch;
  /** Lets requests with a token that a proof has voided wait for its end. */
  readonly duringProof: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Opens the event stream. It renews no token: it goes on while no user is here. */
  readonly listen: (signal: AbortSignal) => Promise<Response>;
  /** Tells how long ago, in ms, the user did something. @returns whether it has arrived. */
  readonly report: (ageMs: Duration) => Promise<boolean>;
  /** Takes or renews a lease for so many ms. @throws `Refused` */
  readonly putLease: (kind: string, ms: Duration) => Promise<unknown>;
}
