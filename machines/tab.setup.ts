import { assign, fromCallback, fromPromise, raise, sendTo, setup, type EventObject } from 'xstate';
import type { WarningStage } from './events.ts';
import { sessionMachine } from './session.machine.ts';
import {
  isNews,
  nextAlarm,
  problemOf,
  reasonIn,
  saysLost,
  saysOver,
  unknown,
  withClock,
  withProblem,
  withView,
} from './tab.context.ts';
import { stageAt } from './tab.stages.ts';
import {
  isOtherProof,
  isSignInAsked,
  type Credentials,
  type OtherProof,
  type Reproof,
  type TabContext,
  type TabEvent,
} from './tab.types.ts';
import type { Instant } from './time.ts';
import { isLiveView, type Reason, type SessionView } from './view.ts';

/** What ends in a lapse and not for good. */
const limits: ReadonlySet<Reason> = new Set<Reason>(['idle', 'absolute']);

const unprovided = () => Promise.reject(new Error('the browser provides this'));
const nothing = () => {};

/** What became of a check: whether the content is shown again. */
export interface Checked {
  readonly isShown: boolean;
}

/** The view that is in force now, as the machine tells its actors; `null` when there is none. */
export interface ViewTold {
  readonly type: 'view.told';
  readonly view: SessionView | null;
}

/** The warning that is on the screen now, as the machine tells its actors. */
export interface WarningTold {
  readonly type: 'warning.told';
  readonly view: SessionView | null;
  readonly stage: WarningStage;
}

/** What the machine asks of its stream. */
export interface StreamCommand {
  readonly type: 'stream.pause' | 'stream.resume';
}

/** What went wrong, from the event that tells that an invoked actor failed. */
const problemIn = ({ now }: TabContext, event: object) => problemOf('error' in event ? event.error : null, now);

/** What a check came to, as the parameters of a guard. */
export const checked = ({ event }: { readonly event: { readonly output: Checked } }): Checked => event.output;

/** What the event that asked for a sign-in brings. */
export function credentialsOf(event: { readonly type: string }): Credentials | OtherProof {
  if (!isSignInAsked(event)) throw new Error(`${event.type} carries no credentials`);
  if (isOtherProof(event)) return { prove: event.prove };
  const { username, password, remember, register } = event;
  return { username, password, remember, register };
}

/** The password, or the other proof, of the event that asked for a re-authentication. */
export function proofOf(event: { readonly type: string }): Reproof {
  if (isOtherProof(event)) return { prove: event.prove };
  if ('password' in event && typeof event.password === 'string') return { password: event.password };
  throw new Error(`${event.type} carries no proof`);
}

/** The warning on the screen, from what the tab knows. */
export const warningOf = ({ view, stage }: TabContext): WarningTold => ({ type: 'warning.told', view, stage });

const stageOf = ({ view }: TabContext, at: Instant) => (isLiveView(view) ? stageAt(view, at) : 'over');
const warns = (stage: ReturnType<typeof stageOf>) => stage === 'toast' || stage === 'dialog';

/**
 * The names of the tab machine: its actors and effects, which the browser provides, its guards and its actions. An actor
 * that has asked the server sends what it was told as `server.answered`, and only then is done.
 */
export const tab = setup({
  types: { context: {} as TabContext, events: {} as TabEvent },
  actors: {
    /** The same machine as on the server, predicting. */
    session: sessionMachine,
    /** Owns the only real timer: takes `alarm.set`, gives `clock.reached` by the server's clock. */
    alarm: fromCallback<{ type: 'alarm.set'; at: Instant | null }>(nothing),
    /** Renews the token in good time while a person is here. */
    renewal: fromCallback<EventObject, ViewTold>(nothing),
    /** Declares what goes on without a hand, for as long as the session lives. */
    leases: fromCallback<ViewTold>(nothing),
    /** Listens to the server while the page is looked at: gives `server.answered` and `revalidation.asked`. */
    stream: fromCallback<StreamCommand, { readonly session: string }>(nothing),
    /** Tells the server, once for each stage, that the warning was on the screen. */
    warningReceipts: fromCallback<WarningTold, WarningTold>(nothing),
    /** Asks after a load who is signed in; tells no view when there is no session. */
    resume: fromPromise<void>(unprovided),
    signIn: fromPromise<void, Credentials | OtherProof>(unprovided),
    /** Tells the server that a person answered. */
    extend: fromPromise<void>(unprovided),
    /** Encrypts the work, then asks the server once, without extending. */
    check: fromPromise<Checked, { readonly reason: Reason | null }>(unprovided),
    reauthenticate: fromPromise<void, Reproof>(unprovided),
    /** Brings the work back. */
    restore: fromPromise<void>(unprovided),
    /** Erases this user's records here, then tells the server. */
    signOut: fromPromise<void, { readonly forgetDevice: boolean }>(unprovided),
  },
  guards: {
    isNews: ({ context, event }) => event.type === 'server.answered' && isNews(context, event),
    isUnknown: ({ context }) => context.view === null,
    isLive: ({ context }) => isLiveView(context.view),
    isEnded: ({ context }) => context.view?.state === 'ended',
    isGone: ({ context }) => context.view === null || context.view.state === 'ended',
    isDead: ({ context }) => !isLiveView(context.view),
    isQuiet: ({ context }) => stageOf(context, context.now) === 'none',
    isWarning: ({ context }) => warns(stageOf(context, context.now)),
    comesWarning: ({ context, event }) => event.type === 'clock.reached' && warns(stageOf(context, event.at)),
    comesEnd: ({ context, event }) => event.type === 'clock.reached' && stageOf(context, event.at) === 'over',
    comesRetry: ({ context, event }) =>
      event.type === 'clock.reached' && context.retryAt !== null && event.at >= context.retryAt,
    comesExpiry: ({ context, event }) =>
      event.type === 'clock.reached' && event.at >= (context.view?.restorableUntil ?? Infinity),
    refusedForGood: ({ event }) =>
      event.type === 'server.refused' && event.reason !== null && !limits.has(event.reason),
    canExtend: ({ context }) => context.view?.canExtend === true,
    /** The server can be heard again, and an extension would still gain time. */
    canStillExtend: ({ context }) => context.view?.canExtend === true && warns(stageOf(context, context.now)),
    isShownAgain: (_, { isShown }: Checked) => isShown,
    refusedOver: ({ context, event }) => saysOver(problemIn(context, event)),
    /** The proof is of another user, or this tab's credential is: only the server knows which. */
    refusedMismatch: ({ context, event }) => problemIn(context, event).code === 'session_mismatch',
    refusedLost: ({ context, event }) => saysLost(problemIn(context, event)),
    /** It is over, or this tab's credential is not the one it knew. */
    refusedSession: ({ context, event }) => {
      const problem = problemIn(context, event);
      return saysOver(problem) || saysLost(problem);
    },
    refusedExtension: ({ context, event }) => problemIn(context, event).code === 'cannot_extend',
  },
  actions: {
    takeView: assign(({ context, event }) => (event.type === 'server.answered' ? withView(context, event) : {})),
    tellTaken: raise({ type: 'view.taken' }),
    tellClock: raise(({ context }) => ({ type: 'clock.reached', at: context.now })),
    takeClock: assign(({ context, event }) => ('at' in event ? withClock(context, event.at) : {})),
    takeProblem: assign(({ context, event }) => withProblem(problemIn(context, event))),
    takeReason: assign(({ event }) => ({ reason: reasonIn(event) })),
    beginRefresh: assign({ isRefreshing: true, refreshProblem: null }),
    endRefresh: assign(({ event }) =>
      event.type === 'refresh.ended' ? { isRefreshing: false, refreshProblem: event.problem } : {},
    ),
    clearProblem: assign({ problem: null, retryAt: null }),
    clearContext: assign(({ context: { now, isRefreshing, refreshProblem } }) => ({
      ...unknown,
      now,
      isRefreshing,
      refreshProblem,
    })),
    noteAnother: assign({ isAnother: true }),
    setAlarm: sendTo('alarm', ({ context }) => ({ type: 'alarm.set' as const, at: nextAlarm(context) })),
    /** `takeClock` has taken it before. */
    passClock: sendTo('session', ({ context }) => ({ type: 'clock.reached' as const, at: context.now })),
    passView: sendTo('leases', ({ context: { view } }) => ({ type: 'view.told' as const, view })),
    passWarning: sendTo('warningReceipts', ({ context }) => warningOf(context)),
    pauseStream: sendTo('stream', { type: 'stream.pause' as const }),
    resumeStream: sendTo('stream', { type: 'stream.resume' as const }),
    /** Saves everything that is not saved yet. */
    flush: nothing,
    /** Asks the server how the session is, without touching it; what it answers is told as any answer is. */
    revalidate: nothing,
    /** Takes texts and key out of memory. */
    clearTexts: nothing,
    /** Takes everything of this user out of memory; what is stored stays stored. */
    clearWork: nothing,
    /** What was seen of a person before is no news any more. */
    clearActivity: nothing,
    /** Deletes the bearer token of a session that was signed out; any other says why it is over. */
    deleteToken: nothing,
  },
});
