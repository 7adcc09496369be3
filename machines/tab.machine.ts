import { unknown } from './tab.context.ts';
import { lapsed } from './tab.lapsed.ts';
import { prediction } from './tab.prediction.ts';
import { credentialsOf, tab } from './tab.setup.ts';
import { signedIn } from './tab.signedIn.ts';
import { starting } from './tab.starting.ts';

/**
 * What one tab shows and does, and when. It runs the session machine as its child, seeded from what the server told last,
 * and never moves a deadline itself: effects have names here and are provided by the browser. A view enters by
 * `server.answered` and is taken there, once; everything else follows from `view.taken`.
 */
export const tabMachine = tab.createMachine({
  id: 'tab',
  context: unknown,
  type: 'parallel',
  invoke: [
    { src: 'alarm', id: 'alarm' },
    { src: 'leases', id: 'leases' },
  ],
  on: {
    'server.answered': { guard: 'isNews', actions: ['takeView', 'tellTaken'] },
    'refresh.began': { actions: 'beginRefresh' },
    'refresh.ended': { actions: 'endRefresh' },
    'tab.left': { actions: 'flush' },
  },
  states: {
    network: {
      initial: 'online',
      states: {
        online: { on: { 'network.lost': 'offline' } },
        offline: { on: { 'network.found': 'online' } },
      },
    },
    prediction,
    session: {
      initial: 'starting',
      states: {
        starting,
        signedOut: {
          id: 'signedOut',
          entry: ['clearActivity', 'clearWork', 'tellTaken'],
          on: { 'signIn.asked': 'signingIn' },
        },
        signingIn: {
          entry: 'clearProblem',
          invoke: {
            src: 'signIn',
            input: ({ event }) => credentialsOf(event),
            onDone: 'signedIn',
            onError: { target: 'signedOut', actions: 'takeProblem' },
          },
        },
        signedIn,
        lapsed,
        signingOut: {
          invoke: {
            src: 'signOut',
            input: ({ event }) => ({ forgetDevice: event.type === 'signOut.asked' && event.forgetDevice }),
            onDone: { target: 'signedOut', actions: 'clearContext' },
            onError: { target: 'signedOut', actions: ['clearContext', 'takeProblem'] },
          },
        },
        ended: {
          id: 'ended',
          entry: ['deleteToken', 'clearWork'],
          on: {
            'signIn.chosen': { target: 'signedOut', actions: 'clearContext' },
            'signIn.asked': { target: 'signingIn', actions: 'clearContext' },
          },
        },
      },
    },
  },
});
