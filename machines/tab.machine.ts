import { contextOf } from './seed.ts';
import { unknown } from './tab.context.ts';
import { credentialsOf, failed, passwordOf, tab, told } from './tab.setup.ts';

/**
 * What one tab shows, and when. It runs the session machine as its child, seeded from what the server told last, and
 * never moves a deadline itself: effects have names here and are provided by the browser.
 */
export const tabMachine = tab.createMachine({
  id: 'tab',
  context: unknown,
  type: 'parallel',
  invoke: { src: 'alarm', id: 'alarm' },
  on: { 'server.answered': { guard: 'isNewer', actions: ['takeAnswered', 'tellTaken'] } },
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
        blind: { on: { 'view.taken': [{ guard: 'isGone', actions: 'setAlarm' }, { target: 'seeing' }] } },
        seeing: {
          entry: ['setAlarm', 'tellClock'],
          invoke: { src: 'session', id: 'session', input: ({ context }) => ({ context: contextOf(context.view) }) },
          on: {
            'view.taken': [
              { guard: 'isGone', target: 'blind', actions: 'setAlarm' },
              { target: 'seeing', reenter: true },
            ],
            'clock.reached': { actions: ['takeClock', 'passClock', 'setAlarm'] },
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
                  { guard: { type: 'answersNobody', params: told }, target: '#signedOut' },
                  {
                    guard: { type: 'answersLive', params: told },
                    target: '#signedIn',
                    actions: [{ type: 'takeResumed', params: told }, 'tellTaken'],
                  },
                  {
                    guard: { type: 'answersLapsed', params: told },
                    target: '#locked',
                    actions: [{ type: 'takeResumed', params: told }, 'tellTaken'],
                  },
                  { target: '#ended', actions: [{ type: 'takeResumed', params: told }, 'tellTaken'] },
                ],
                onError: { target: 'unreachable', actions: [{ type: 'takeProblem', params: failed }, 'setAlarm'] },
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
        signedOut: { id: 'signedOut', entry: 'tellTaken', on: { 'signIn.asked': 'signingIn' } },
        signingIn: {
          entry: 'clearProblem',
          invoke: {
            src: 'signIn',
            input: ({ event }) => credentialsOf(event),
            onDone: { target: 'signedIn', actions: [{ type: 'takeUser', params: told }, 'tellTaken'] },
            onError: { target: 'signedOut', actions: { type: 'takeProblem', params: failed } },
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
                    onDone: { target: 'counting', actions: [{ type: 'takeView', params: told }, 'tellTaken'] },
                    onError: [
                      { guard: { type: 'refusedOver', params: failed }, target: '#lapsed' },
                      { guard: { type: 'refusedLost', params: failed }, target: '#lapsed' },
                      {
                        guard: { type: 'refusedExtension', params: failed },
                        target: 'counting',
                        actions: [{ type: 'takeProblem', params: failed }, 'setAlarm'],
                      },
                      { target: 'failed', actions: [{ type: 'takeProblem', params: failed }, 'setAlarm'] },
                    ],
                  },
                },
                failed: {
                  on: {
                    'stay.asked': 'extending',
                    'network.found': 'extending',
                    'view.taken': { guard: 'canStillExtend', target: 'extending' },
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
                    onDone: { target: 'counting', actions: [{ type: 'takeUser', params: told }, 'tellTaken'] },
                    onError: [
                      { guard: { type: 'refusedOver', params: failed }, target: '#lapsed' },
                      { guard: { type: 'refusedLost', params: failed }, target: '#lapsed' },
                      { target: 'counting', actions: [{ type: 'takeProblem', params: failed }, 'setAlarm'] },
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
          on: {
            'server.refused': { guard: 'refusedForGood', target: '.checking', actions: 'takeReason' },
            'signOut.asked': 'signingOut',
            'signIn.chosen': { target: 'signedOut', actions: 'forget' },
          },
          states: {
            checking: {
              invoke: {
                src: 'check',
                input: ({ context }) => ({ reason: context.reason }),
                onDone: [
                  {
                    guard: { type: 'answersLive', params: told },
                    target: '#signedIn',
                    actions: [{ type: 'takeView', params: told }, 'tellTaken'],
                  },
                  {
                    guard: { type: 'answersLapsed', params: told },
                    target: 'locked',
                    actions: [{ type: 'takeView', params: told }, 'tellTaken'],
                  },
                  { target: '#ended', actions: [{ type: 'takeView', params: told }, 'tellTaken'] },
                ],
                onError: [
                  { guard: { type: 'refusedLost', params: failed }, target: '#ended' },
                  { target: 'unconfirmed', actions: [{ type: 'takeProblem', params: failed }, 'setAlarm'] },
                ],
              },
            },
            unconfirmed: {
              on: {
                'clock.reached': { guard: 'comesRetry', target: 'checking' },
                'network.found': 'checking',
                'tab.woke': 'checking',
                'stay.asked': 'checking',
                'view.taken': 'checking',
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
              },
            },
            reauthenticating: {
              entry: 'clearProblem',
              invoke: {
                src: 'reauthenticate',
                input: ({ event }) => passwordOf(event),
                onDone: { target: 'restoring', actions: [{ type: 'takeUser', params: told }, 'tellTaken'] },
                onError: [
                  { guard: { type: 'refusedOver', params: failed }, target: 'checking' },
                  { guard: { type: 'refusedLost', params: failed }, target: '#ended' },
                  { target: 'locked', actions: { type: 'takeProblem', params: failed } },
                ],
              },
            },
            restoring: {
              invoke: {
                src: 'restore',
                onDone: { target: '#signedIn', actions: 'tellTaken' },
                onError: { target: '#signedIn', actions: [{ type: 'takeProblem', params: failed }, 'tellTaken'] },
              },
            },
          },
        },
        signingOut: {
          invoke: {
            src: 'signOut',
            input: ({ event }) => ({ forgetDevice: event.type === 'signOut.asked' && event.forgetDevice }),
            onDone: { target: 'signedOut', actions: 'forget' },
            onError: { target: 'signedOut', actions: ['forget', { type: 'takeProblem', params: failed }] },
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
