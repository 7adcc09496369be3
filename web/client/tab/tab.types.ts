import type { Instant, Reason, SessionView, TabProblem, User, WarningStage } from '../../../machines/index.ts';
import type { AccountActions } from './account.ts';
import type { Drafts } from '../work/draft.types.ts';
import type { Forms } from '../forms/forms.types.ts';
import type { Inventory } from '../work/inventory.ts';
import type { Notices } from './notices.ts';
import type { Proof, ProveElsewhere } from './proof.types.ts';
import type { SessionFetch } from '../http/requests.types.ts';
import type { TakeLease } from './lease.types.ts';
import type { WaysStore } from './ways.types.ts';
import type { ViewState } from '../work/viewState.ts';
import type { TabActor } from './run.ts';
import type { Trace } from './trace.ts';

/**
 * What the tab shows. Content is shown in `active` and `warning`; it is hidden, but stays mounted, in `checking`; it is
 * unmounted in every other phase.
 */
export type Phase =
  | 'starting'
  | 'unreachable'
  | 'signedOut'
  | 'signingIn'
  | 'active'
  | 'warning'
  | 'checking'
  | 'unconfirmed'
  | 'locked'
  | 'reauthenticating'
  | 'restoring'
  | 'signingOut'
  | 'ended';

/** What became of the user's answer to the warning. */
export type Answer = 'counting' | 'extending' | 'failed' | 'reauthenticating';

/** Everything a tab shows at one moment; the same object as long as nothing of it changes. */
export interface TabState {
  /** What is to be shown; see `docs/browser.md`. */
  readonly phase: Phase;
  /** Content is shown: `active` or `warning`. */
  readonly isOpen: boolean;
  /**
   * Content is hidden until the user has signed in again or the server says otherwise: `checking`, `unconfirmed`,
   * `locked`, `reauthenticating` or `restoring`.
   */
  readonly isLocked: boolean;
  /** Who is signed in, or whose session has lapsed or ended; `null` where nobody is known. */
  readonly user: User | null;
  /** The session as the server has told of it last. */
  readonly view: SessionView | null;
  /** How loudly the warning is shown, while it is. */
  readonly stage: WarningStage;
  /** What became of the answer to the warning, while it is shown. */
  readonly answer: Answer;
  /** What did not work last: a sign-in, an extension, a re-authentication, a check. */
  readonly problem: TabProblem | null;
  /** Why the session is over, as far as is known. */
  readonly reason: Reason | null;
  /** Whether the browser takes itself for connected. */
  readonly online: boolean;
  /** A new token is on its way; there is never more than one such request. */
  readonly isRefreshing: boolean;
  /** Why the last silent refresh failed; `null` once one has worked. */
  readonly refreshProblem: TabProblem | null;
}

/** What a user fills in to sign in. */
export interface SignIn {
  /** The name, as it was typed. */
  readonly username: string;
  /** The password, as it was typed. */
  readonly password: string;
  /** The longer limits. Default false. */
  readonly remember?: boolean;
  /** Makes the account first. Default false. */
  readonly register?: boolean;
}

/** What a user can do, whatever the tab shows; what makes no sense now does nothing. */
export interface TabActions extends AccountActions {
  /** Signs in: with a user name and a password, or by what makes the server sign the user in by something else. */
  readonly signIn: (proof: SignIn | ProveElsewhere) => void;
  /** Answers the warning: the user goes on. */
  readonly extend: () => void;
  /** Proves again who the user is: at the locked screen, or when the absolute limit comes near. */
  readonly reauthenticate: (proof: Proof) => void;
  /** Gives up a proof other than a password that is under way, so that the user can choose another. */
  readonly cancelProof: () => void;
  /** `forgetDevice` deletes what is kept on the server too, where the session is live. */
  readonly signOut: (options?: { readonly forgetDevice?: boolean }) => void;
  /** Leaves the locked or ended screen for an empty sign-in form; deletes nothing. */
  readonly chooseSignIn: () => void;
  /** Tries again at once what could not reach the server. */
  readonly retry: () => void;
  /** The server's clock, as this tab reckons it. */
  readonly now: () => Instant;
  /** `fetch` with the session: authenticated, declared, and with its time-outs understood. */
  readonly fetch: SessionFetch;
  /** A form was sent, or is given up, in a way that the page cannot see: nothing that was filled in there is kept. */
  readonly sent: (form: Element) => void;
  /** Declares what goes on without a hand: a call, an upload, a playback. */
  readonly lease: TakeLease;
  /**
   * Counts what the user does in another window of this origin, with its frames. Popups and pictures in picture that the
   * page opens count by themselves, and so do the page's frames; a window that knows nothing of its opener does not.
   *
   * @returns what stops it
   */
  readonly watchInput: (window: Window) => () => void;
}

/** One tab: what it shows, what can be done, and the work it keeps. On a server it shows `starting`, and never starts. */
export interface Tab extends TabActions {
  /** What can be done, by itself. */
  readonly actions: TabActions;
  /** What the tab shows now. */
  readonly state: () => TabState;
  /** Calls at every change of the state. @returns what stops it */
  readonly subscribe: (listener: () => void) => () => void;
  /** Called with every wake-up and every alarm, when something counted down has to be looked at again. */
  readonly onTick: (listener: () => void) => () => void;
  /** Starts the tab. @returns what lets go of it; when the last has let go, the tab stops */
  readonly hold: () => () => void;
  /**
   * Starts the tab for as long as the page lasts.
   *
   * @returns what it shows once it is known who is signed in, or that the server cannot be reached; on a server, at once
   */
  readonly ready: () => Promise<TabState>;
  /**
   * Whether the session that is open was gone on with by a sign-in on another page, from which the user has just been sent
   * back here: `true` once, for whoever welcomes them back.
   */
  readonly takeResumed: () => boolean;
  /** The ways in which its user can sign in again. */
  readonly ways: WaysStore;
  /** The user did something that this tab cannot see by itself; `isDeed`, more than move a pointer or scroll. Default false. */
  readonly recordActivity: (isDeed?: boolean) => void;
  /** What the user should know of this browser. */
  readonly notices: Notices;
  /** The running machine: its state, and what an inspector attaches to. Another one after a stop and a start. */
  readonly actor: () => TabActor;
  /** Called when another actor runs. */
  readonly onActor: (listener: () => void) => () => void;
  /** What its machines did last, for an inspector. */
  readonly trace: Trace;
  /** Keeps what is typed. */
  readonly drafts: Drafts;
  /** Keeps what is filled in, without a hook. */
  readonly forms: Forms;
  /** Counts what is kept, for the locked screen. */
  readonly inventory: Inventory;
  /** Keeps where the user was. */
  readonly viewState: ViewState;
}
