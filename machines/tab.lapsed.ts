import { checked, proofOf, tab } from './tab.setup.ts';

/** The time is up, as far as this tab knows: the content is hidden until the server says otherwise. */
export const lapsed = tab.createStateConfig({
  id: 'lapsed',
  initial: 'checking',
  on: {
    'server.refused': { guard: 'refusedForGood', target: '.checking', actions: 'takeReason' },
    'revalidation.asked': { actions: 'revalidate' },
    'signOut.asked': 'signingOut',
    'signIn.chosen': { target: 'signedOut', actions: ['clearContext', 'noteAnother'] },
  },
  states: {
    checking: {
      // What has been asked may be from before the doubt.
      on: { 'revalidation.asked': { target: 'checking', reenter: true } },
      invoke: {
        src: 'check',
        input: ({ context }) => ({ reason: context.reason }),
        onDone: [{ guard: { type: 'isShownAgain', params: checked }, target: '#signedIn' }, { target: 'locked' }],
        onError: [
          { guard: 'refusedLost', target: '#ended' },
          { target: 'unconfirmed', actions: ['takeProblem', 'setAlarm'] },
        ],
      },
    },
    unconfirmed: {
      entry: 'clearTexts',
      on: {
        'clock.reached': { guard: 'comesRetry', target: 'checking' },
        'revalidation.asked': 'checking',
        'retry.asked': 'checking',
        'view.taken': 'checking',
        'reauthentication.asked': 'reauthenticating',
        'credential.lost': '#ended',
      },
    },
    locked: {
      id: 'locked',
      entry: ['clearTexts', 'tellTaken'],
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
        input: ({ event }) => proofOf(event),
        onDone: 'restoring',
        onError: [
          {
            guard: 'refusedOver',
            target: 'checking',
            actions: 'takeReason',
          },
          { guard: 'refusedMismatch', target: 'checking', actions: 'takeProblem' },
          { guard: 'refusedLost', target: '#ended' },
          { target: 'locked', actions: 'takeProblem' },
        ],
      },
    },
    restoring: {
      invoke: {
        src: 'restore',
        onDone: '#signedIn',
        onError: { target: '#signedIn', actions: 'takeProblem' },
      },
    },
  },
});
