import { proofOf, tab, warningOf } from './tab.setup.ts';

/** The warning, and what becomes of the person's answer to it. */
const warning = tab.createStateConfig({
  initial: 'counting',
  entry: 'flush',
  invoke: { src: 'warningReceipts', id: 'warningReceipts', input: ({ context }) => warningOf(context) },
  on: {
    'view.taken': [
      { guard: 'isQuiet', target: 'active' },
      { guard: 'isWarning', actions: 'passWarning' },
    ],
    'clock.reached': { guard: 'comesWarning', actions: 'passWarning' },
    'reauthentication.asked': '.reauthenticating',
  },
  states: {
    counting: { on: { 'extend.asked': { guard: 'canExtend', target: 'extending' } } },
    extending: {
      entry: 'clearProblem',
      invoke: {
        src: 'extend',
        onDone: 'counting',
        onError: [
          { guard: 'refusedSession', target: '#lapsed', actions: 'takeReason' },
          {
            guard: 'refusedExtension',
            target: 'counting',
            actions: ['takeProblem', 'setAlarm'],
          },
          { target: 'failed', actions: ['takeProblem', 'setAlarm'] },
        ],
      },
    },
    failed: {
      on: {
        'extend.asked': 'extending',
        'retry.asked': 'extending',
        'network.found': 'extending',
        'view.taken': { guard: 'canStillExtend', target: 'extending', actions: 'passWarning' },
        'clock.reached': [
          { guard: 'comesEnd', target: '#lapsed' },
          { guard: 'comesRetry', target: 'extending', actions: 'passWarning' },
        ],
      },
    },
    /** The answer brings a fresh session, and that takes the warning away. */
    reauthenticating: {
      entry: 'clearProblem',
      invoke: {
        src: 'reauthenticate',
        input: ({ event }) => proofOf(event),
        onError: [
          { guard: 'refusedMismatch', target: 'counting', actions: ['takeProblem', 'setAlarm', 'revalidate'] },
          { guard: 'refusedSession', target: '#lapsed', actions: 'takeReason' },
          { target: 'counting', actions: ['takeProblem', 'setAlarm'] },
        ],
      },
    },
  },
});

/** A user is signed in and the content is shown; the tab listens to the server meanwhile. */
export const signedIn = tab.createStateConfig({
  id: 'signedIn',
  initial: 'active',
  entry: 'tellTaken',
  invoke: { src: 'stream', id: 'stream', input: ({ context: { view } }) => ({ session: view?.id ?? '' }) },
  on: {
    'view.taken': { guard: 'isDead', target: 'lapsed' },
    'clock.reached': { guard: 'comesEnd', target: 'lapsed' },
    'server.refused': { target: 'lapsed', actions: 'takeReason' },
    'credential.lost': 'lapsed',
    'revalidation.asked': { actions: 'revalidate' },
    'deletion.began': { actions: 'pauseStream' },
    'deletion.failed': { actions: 'resumeStream' },
    'signOut.asked': 'signingOut',
  },
  states: {
    active: {
      on: {
        'view.taken': { guard: 'isWarning', target: 'warning' },
        'clock.reached': { guard: 'comesWarning', target: 'warning' },
      },
    },
    warning,
  },
});
