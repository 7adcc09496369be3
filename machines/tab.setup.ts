import { assign, fromCallback, fromPromise, raise, sendTo, setup } from 'xstate';
import { sessionMachine } from './session.machine.ts';
import {
  isNewer,
  nextAlarm,
  problemOf,
  saysLost,
  saysOver,
  unknown,
  withClock,
  withProblem,
  withUser,
  withView,
} from './tab.context.ts';
import { stageAt } from './tab.stages.ts';
import {
  isSignInAsked,
  type Credentials,
  type Resumed,
  type SignedIn,
  type TabContext,
  type TabEvent,
} from './tab.types.ts';
import type { Instant } from './time.ts';
import { isLiveView, type Reason, type SessionView } from './view.ts';

/** What ends in a lapse and not for good. */
const limits: ReadonlySet<Reason> = new Set<Reason>(['idle', 'absolute']);

const unprovided = () => Promise.reject(new Error('the browser provides this'));

type Told = { readonly view: SessionView } | null;

/** What an invoked actor threw. */
export interface Failed {
  readonly error: unknown;
}

/** What an invoked actor answered, as the parameters of a guard or an action. */
export const told = <Output>({ event }: { readonly event: { readonly output: Output } }): Output => event.output;

/** Why an invoked actor failed, as the parameters of a guard or an action. */
export const failed = ({ event }: { readonly event: Failed }): Failed => ({ error: event.error });

/** The credentials of the event that asked for a sign-in. */
export function credentialsOf(event: { readonly type: string }): Credentials {
  if (!isSignInAsked(event)) throw new Error(`${event.type} carries no credentials`);
  const { username, password, remember, register } = event;
  return { username, password, remember, register };
}

/** The password of the event that asked for a re-authentication. */
export function passwordOf(event: { readonly type: string }): { readonly password: string } {
  if ('password' in event && typeof event.password === 'string') return { password: event.password };
  throw new Error(`${event.type} carries no password`);
}

const stageOf = ({ view }: TabContext, at: Instant) => (view === null ? 'none' : stageAt(view, at));
const warns = (stage: ReturnType<typeof stageOf>) => stage === 'toast' || stage === 'dialog';

/** The names of the tab machine: its actors, which the browser provides, its guards and its actions. */
export const tab = setup({
  types: { context: {} as TabContext, events: {} as TabEvent },
  actors: {
    /** The same machine as on the server, predicting. */
    session: sessionMachine,
    /** Owns the only real timer: takes `alarm.set`, gives `clock.reached` by the server's clock. */
    alarm: fromCallback<{ type: 'alarm.set'; at: Instant | null }>(() => {}),
    /** Asks after a load whether somebody is signed in; `null` when nobody is. */
    resume: fromPromise<Resumed>(unprovided),
    signIn: fromPromise<SignedIn, Credentials>(unprovided),
    /** Tells the server that a person answered. */
    extend: fromPromise<{ readonly view: SessionView }>(unprovided),
    /** Encrypts the work, then asks the server once, without extending. */
    check: fromPromise<{ readonly view: SessionView }, { readonly reason: Reason | null }>(unprovided),
    reauthenticate: fromPromise<SignedIn, { readonly password: string }>(unprovided),
    /** Brings the work back. */
    restore: fromPromise<void>(unprovided),
    /** Erases this user's records here, then tells the server. */
    signOut: fromPromise<void, { readonly forgetDevice: boolean }>(unprovided),
  },
  guards: {
    isNewer: ({ context, event }) => event.type === 'server.answered' && isNewer(context, event.view),
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
    answersNobody: (_, answer: Told) => answer === null,
    answersLive: (_, answer: Told) => isLiveView(answer?.view ?? null),
    answersLapsed: (_, answer: Told) => answer?.view.state === 'lapsed',
    refusedOver: ({ context }, { error }: Failed) => saysOver(problemOf(error, context.now)),
    refusedLost: ({ context }, { error }: Failed) => saysLost(problemOf(error, context.now)),
    refusedExtension: ({ context }, { error }: Failed) => problemOf(error, context.now).code === 'cannot_extend',
  },
  actions: {
    takeAnswered: assign(({ context, event }) =>
      event.type === 'server.answered' ? withView(context, event.view) : {},
    ),
    takeView: assign(({ context }, { view }: { view: SessionView }) => withView(context, view)),
    takeResumed: assign(({ context }, resumed: Resumed) => (resumed ? withUser(context, resumed) : {})),
    takeUser: assign(({ context }, signedIn: SignedIn) => withUser(context, signedIn)),
    tellTaken: raise({ type: 'view.taken' }),
    tellClock: raise(({ context }) => ({ type: 'clock.reached', at: context.now })),
    takeClock: assign(({ context, event }) => ('at' in event ? withClock(context, event.at) : {})),
    takeProblem: assign(({ context }, { error }: Failed) => withProblem(problemOf(error, context.now))),
    takeReason: assign(({ event }) => (event.type === 'server.refused' ? { reason: event.reason } : {})),
    clearProblem: assign({ problem: null, retryAt: null }),
    forget: assign(({ context }) => ({ ...unknown, now: context.now })),
    setAlarm: sendTo('alarm', ({ context }) => ({ type: 'alarm.set' as const, at: nextAlarm(context) })),
    passClock: sendTo('session', ({ context, event }) => ({
      type: 'clock.reached' as const,
      at: event.type === 'clock.reached' ? event.at : context.now,
    })),
  },
});
