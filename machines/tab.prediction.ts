import { contextOf } from './seed.ts';
import { tab } from './tab.setup.ts';

/** What goes on by itself with the view in force: the session's machine predicts, and the token is renewed. */
export const prediction = tab.createStateConfig({
  initial: 'off',
  on: {
    'view.taken': [{ guard: 'isGone', target: '.off' }, { target: '.on' }],
    'clock.reached': { actions: ['takeClock', 'setAlarm'] },
  },
  states: {
    off: { entry: ['setAlarm', 'passView'] },
    on: {
      entry: ['setAlarm', 'passView', 'tellClock'],
      invoke: [
        { src: 'session', id: 'session', input: ({ context }) => ({ context: contextOf(context.view) }) },
        { src: 'renewal', id: 'renewal', input: ({ context: { view } }) => ({ type: 'view.told', view }) },
      ],
      on: { 'clock.reached': { actions: ['takeClock', 'passClock', 'setAlarm'] } },
    },
  },
});
