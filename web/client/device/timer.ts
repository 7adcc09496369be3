import { fromCallback } from 'xstate';
import { seconds, type Duration, type Instant } from '../../../machines/index.ts';
import type { Listen } from './lifecycle.ts';

/** Runs something once after so many ms. @returns what cancels it */
export type Timer = (run: () => void, after: Duration) => () => void;

/** The timer of this browser. */
export const deviceTimer: Timer = (run, after) => {
  const id = setTimeout(run, after);
  return () => clearTimeout(id);
};

/** What an alarm tells the time by. */
export interface AlarmPorts {
  /** The server's clock. */
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  readonly onWake: Listen;
}

/** One deadline at a time. */
export interface Alarm {
  /** Sets it to another instant, or off. */
  readonly set: (at: Instant | null) => void;
  readonly stop: () => void;
}

/** Never sleeps longer: bounds the harm of a clock that stopped, and of delays over 2^31 − 1 ms firing at once. */
export const longestSleep = seconds(30);

/**
 * One timer that is right across long deadlines, sleep and throttled tabs: it looks at the clock again when it wakes,
 * and at every sign that the tab was asleep.
 */
export function createAlarm({ clock, timer, onWake }: AlarmPorts, ring: (at: Instant) => void): Alarm {
  let deadline: Instant | null = null;
  let cancel = () => {};

  const look = () => {
    cancel();
    if (deadline === null) return;
    const now = clock.now();
    if (now < deadline) {
      cancel = timer(look, Math.min(Math.ceil(deadline - now), longestSleep));
      return;
    }
    deadline = null;
    ring(now);
  };
  const stopWaking = onWake(look);

  return {
    set(at) {
      deadline = at;
      look();
    },
    stop() {
      deadline = null;
      cancel();
      stopWaking();
    },
  };
}

/** The alarm as the tab machine invokes it. */
export const alarmActor = (ports: AlarmPorts) =>
  fromCallback<{ type: 'alarm.set'; at: Instant | null }>(({ receive, sendBack }) => {
    const alarm = createAlarm(ports, (at) => sendBack({ type: 'clock.reached', at }));
    receive(({ at }) => alarm.set(at));
    return () => alarm.stop();
  });
