import { tab } from './tab.setup.ts';

const resumed = [
  { guard: 'isUnknown', target: '#signedOut' },
  { guard: 'isLive', target: '#signedIn' },
  { guard: 'isEnded', target: '#ended' },
  { target: '#locked' },
] as const;

const failed = { target: 'unreachable', actions: ['takeProblem', 'setAlarm'] } as const;

/** It is not known yet who is signed in. */
export const starting = tab.createStateConfig({
  initial: 'asking',
  on: { 'signIn.failed': { actions: 'takeProblem' } },
  states: {
    asking: {
      on: { 'server.refused': 'confirming' },
      invoke: {
        src: 'resume',
        onDone: resumed,
        onError: [{ guard: 'refusedOver', target: 'confirming' }, failed],
      },
    },
    // The session ended or lapsed between two requests of the start. It is asked for once more and not again and again,
    // in case the server contradicts itself.
    confirming: { invoke: { src: 'resume', onDone: resumed, onError: failed } },
    unreachable: {
      on: { 'clock.reached': 'asking', 'revalidation.asked': 'asking', 'retry.asked': 'asking' },
    },
  },
});
