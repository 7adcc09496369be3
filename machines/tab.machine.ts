import { assign, fromCallback, fromPromise, raise, sendTo, setup } from 'xstate';
import { contextOf } from './seed.ts';
import { sessionMachine } from './session.machine.ts';
import { isLiveView, isNewer, nextAlarm, problemOf, saysLost, saysOver, unknown, withClock, withProblem, withUser, withView } from './tab.context.ts';
import { stageAt } from './tab.stages.ts';
import { isSignInAsked, type Credentials, type Resumed, type SignedIn, type TabContext, type TabEvent } from './tab.types.ts';
import type { Instant } from './time.ts';
import type { Reason, SessionView } from './view.ts';

const unprovided = () => Promise.reject(new Error('the browser provides this'));

const credentialsOf = (event: { readonly type: string }): Credentials => {
  if (!isSignInAsked(event)) throw new Error(`${event.type} carries no credentials`);
  const { username, password, remember, register } = event;
  return { username, password, remember, register };
};

const passwordOf = (event: { readonly type: string }): { password: string } => {
  if ('password' in event && typeof event.password === 'string') return { password: event.password };
  throw new Error(`${event.type} carries no password`);
};

const tab = setup({
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
    isDead: ({ context }) => !isLiveView(context.view),
    isQuiet: ({ context }) => context.view !== null && stageAt(context.view, context.now) === 'none',
    isWarning: ({ context }) => context.view !== null && stageAt(context.view, context.now) !== 'none',
    comesWarning: ({ context, event }) =>
      event.type === 'clock.reached' && context.view !== null && stageAt(context.view, event.at) !== 'none',
    comesEnd: ({ context, event }) =>
      event.type === 'clock.reached' && context.view !== null && stageAt(context.view, event.at) === 'over',
    comesRetry: ({ context, event }) =>
      event.type === 'clock.reached' && context.retryAt !== null && event.at >= context.retryAt,
    comesExpiry: ({ context, event }) =>
      event.type === 'clock.reached' && event.at >= (context.view?.restorableUntil ?? Infinity),
    canExtend: ({ context }) => context.view?.canExtend === true,
    answersNobody: (_, { view }: { view: SessionView | null }) => view === null,
    answersLive: (_, { view }: { view: SessionView | null }) => isLiveView(view),
    answersLapsed: (_, { view }: { view: SessionView | null }) => view?.state === 'lapsed',
    refusedOver: ({ context }, { error }: { error: unknown }) => saysOver(problemOf(error, context.now)),
    refusedLost: ({ context }, { error }: { error: unknown }) => saysLost(problemOf(error, context.now)),
  },
  actions: {
    takeView: assign((_, { view }: { view: SessionView }) => withView(view)),
    takeResumed: assign(({ context }, resumed: Resumed) => (resumed ? withUser(context, resumed) : {})),
    takeUser: assign(({ context }, signedIn: SignedIn) => withUser(context, signedIn)),
    tellTaken: raise({ type: 'view.taken' }),
    tellClock: raise(({ context }) => ({ type: 'clock.reached', at: context.now })),
    takeClock: assign(({ context, event }) => ('at' in event ? withClock(context, event.at) : {})),
    takeProblem: assign(({ context }, { error }: { error: unknown }) => withProblem(problemOf(error, context.now))),
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

/**
 * What one tab shows, and when. It runs the session machine as its child, seeded from what the server told last, and
 * never moves a deadline itself: effects have names here and are provided by the browser.
 */
export const tabMachine = tab.createMachine({
  id: 'tab',
  context: unknown,
  type: 'parallel',
  invoke: { src: 'alarm', id: 'alarm' },
  on: {
    'server.answered': {
      guard: 'isNewer',
      actions: [{ type: 'takeView', params: ({ event }) => ({ view: event.view }) }, 'setAlarm', 'tellTaken'],
    },
  },
  states: {
    network: {
      initial: 'online',
      states: {
        online: { on: { 'network.lost': 'offline' } },
        offline: { on: { 'network.found': 'online' } },
      },
    },
    mirror: {
      initial: 'blind',
      on: { 'clock.reached': { actions: ['takeClock', 'setAlarm'] } },
      states: {
        blind: { on: { 'view.taken': { guard: 'isLive', target: 'seeing' } } },
        seeing: {
          entry: 'tellClock',
          invoke: { src: 'session', id: 'session', input: ({ context }) => ({ context: contextOf(context.view) }) },
          on: {
            'view.taken': [
              { guard: 'isEnded', target: 'blind' },
              { target: 'seeing', reenter: true },
            ],
            'clock.reached': { actions: ['takeClock', 'passClock', 'setAlarm'] },
            'signOut.asked': 'blind',
            'signIn.chosen': 'blind',
          },
        },
      },
    },
    session: {
      initial: 'starting',
      states: {
        starting: {
          initial: 'asking',
          states: {
            asking: {
              invoke: {
                src: 'resume',
                onDone: [
                  {
                    guard: { type: 'answersNobody', params: ({ event }) => ({ view: event.output?.view ?? null }) },
                    target: '#signedOut',
                  },
                  {
                    guard: { type: 'answersLive', params: ({ event }) => ({ view: event.output?.view ?? null }) },
                    target: '#signedIn',
                    actions: [{ type: 'takeResumed', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                  {
                    guard: { type: 'answersLapsed', params: ({ event }) => ({ view: event.output?.view ?? null }) },
                    target: '#locked',
                    actions: [{ type: 'takeResumed', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                  {
                    target: '#ended',
                    actions: [{ type: 'takeResumed', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                ],
                onError: {
                  target: 'unreachable',
                  actions: [{ type: 'takeProblem', params: ({ event }) => event }, 'setAlarm'],
                },
              },
            },
            unreachable: {
              on: {
                'clock.reached': { guard: 'comesRetry', target: 'asking' },
                'network.found': 'asking',
                'tab.woke': 'asking',
                'stay.asked': 'asking',
              },
            },
          },
        },
        signedOut: {
          id: 'signedOut',
          on: { 'signIn.asked': 'signingIn' },
        },
        signingIn: {
          entry: 'clearProblem',
          invoke: {
            src: 'signIn',
            input: ({ event }) => credentialsOf(event),
            onDone: {
              target: 'signedIn',
              actions: [{ type: 'takeUser', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
            },
            onError: { target: 'signedOut', actions: { type: 'takeProblem', params: ({ event }) => event } },
          },
        },
        signedIn: {
          id: 'signedIn',
          initial: 'active',
          on: {
            'view.taken': { guard: 'isDead', target: 'lapsed' },
            'clock.reached': { guard: 'comesEnd', target: 'lapsed' },
            'server.refused': { target: 'lapsed', actions: 'takeReason' },
            'credential.lost': 'lapsed',
            'signOut.asked': 'signingOut',
          },
          states: {
            active: {
              on: {
                'view.taken': { guard: 'isWarning', target: 'warning' },
                'clock.reached': { guard: 'comesWarning', target: 'warning' },
              },
            },
            warning: {
              initial: 'counting',
              on: {
                'view.taken': { guard: 'isQuiet', target: 'active' },
                'reauthentication.asked': '.reauthenticating',
              },
              states: {
                counting: { on: { 'stay.asked': { guard: 'canExtend', target: 'extending' } } },
                extending: {
                  entry: 'clearProblem',
                  invoke: {
                    src: 'extend',
                    onDone: {
                      target: 'counting',
                      actions: [{ type: 'takeView', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                    },
                    onError: [
                      { guard: { type: 'refusedOver', params: ({ event }) => event }, target: '#lapsed' },
                      { guard: { type: 'refusedLost', params: ({ event }) => event }, target: '#lapsed' },
                      {
                        target: 'failed',
                        actions: [{ type: 'takeProblem', params: ({ event }) => event }, 'setAlarm'],
                      },
                    ],
                  },
                },
                failed: {
                  on: {
                    'stay.asked': 'extending',
                    'network.found': 'extending',
                    'clock.reached': [
                      { guard: 'comesEnd', target: '#lapsed' },
                      { guard: 'comesRetry', target: 'extending' },
                    ],
                  },
                },
                reauthenticating: {
                  entry: 'clearProblem',
                  invoke: {
                    src: 'reauthenticate',
                    input: ({ event }) => passwordOf(event),
                    onDone: {
                      target: 'counting',
                      actions: [{ type: 'takeUser', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                    },
                    onError: [
                      { guard: { type: 'refusedOver', params: ({ event }) => event }, target: '#lapsed' },
                      {
                        target: 'counting',
                        actions: [{ type: 'takeProblem', params: ({ event }) => event }, 'setAlarm'],
                      },
                    ],
                  },
                },
              },
            },
          },
        },
        lapsed: {
          id: 'lapsed',
          initial: 'checking',
          on: { 'signOut.asked': 'signingOut', 'signIn.chosen': { target: 'signedOut', actions: 'forget' } },
          states: {
            checking: {
              invoke: {
                src: 'check',
                input: ({ context }) => ({ reason: context.reason }),
                onDone: [
                  {
                    guard: { type: 'answersLive', params: ({ event }) => event.output },
                    target: '#signedIn',
                    actions: [{ type: 'takeView', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                  {
                    guard: { type: 'answersLapsed', params: ({ event }) => event.output },
                    target: 'locked',
                    actions: [{ type: 'takeView', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                  {
                    target: '#ended',
                    actions: [{ type: 'takeView', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                  },
                ],
                onError: [
                  { guard: { type: 'refusedLost', params: ({ event }) => event }, target: '#ended' },
                  {
                    target: 'unconfirmed',
                    actions: [{ type: 'takeProblem', params: ({ event }) => event }, 'setAlarm'],
                  },
                ],
              },
            },
            unconfirmed: {
              on: {
                'clock.reached': { guard: 'comesRetry', target: 'checking' },
                'network.found': 'checking',
                'tab.woke': 'checking',
                'stay.asked': 'checking',
                'reauthentication.asked': 'reauthenticating',
                'credential.lost': '#ended',
              },
            },
            locked: {
              id: 'locked',
              on: {
                'reauthentication.asked': 'reauthenticating',
                'credential.lost': '#ended',
                'view.taken': [
                  { guard: 'isLive', target: 'restoring' },
                  { guard: 'isEnded', target: '#ended' },
                ],
                'clock.reached': { guard: 'comesExpiry', target: 'checking' },
                'tab.woke': 'checking',
              },
            },
            reauthenticating: {
              entry: 'clearProblem',
              invoke: {
                src: 'reauthenticate',
                input: ({ event }) => passwordOf(event),
                onDone: {
                  target: 'restoring',
                  actions: [{ type: 'takeUser', params: ({ event }) => event.output }, 'setAlarm', 'tellTaken'],
                },
                onError: [
                  { guard: { type: 'refusedOver', params: ({ event }) => event }, target: 'checking' },
                  { guard: { type: 'refusedLost', params: ({ event }) => event }, target: '#ended' },
                  { target: 'locked', actions: { type: 'takeProblem', params: ({ event }) => event } },
                ],
              },
            },
            restoring: {
              invoke: {
                src: 'restore',
                onDone: { target: '#signedIn', actions: 'tellTaken' },
                onError: {
                  target: '#signedIn',
                  actions: [{ type: 'takeProblem', params: ({ event }) => event }, 'tellTaken'],
                },
              },
            },
          },
        },
        signingOut: {
          invoke: {
            src: 'signOut',
            input: ({ event }) => ({ forgetDevice: event.type === 'signOut.asked' && event.forgetDevice }),
            onDone: { target: 'signedOut', actions: 'forget' },
            onError: {
              target: 'signedOut',
              actions: ['forget', { type: 'takeProblem', params: ({ event }) => event }],
            },
          },
        },
        ended: {
          id: 'ended',
          on: { 'signIn.chosen': { target: 'signedOut', actions: 'forget' }, 'signIn.asked': 'signingIn' },
        },
      },
    },
  },
});
