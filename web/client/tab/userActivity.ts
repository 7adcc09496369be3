import { isLiveView, nearestDeadline, seconds, type Duration } from '../../../machines/index.ts';
import { createActivity, type Activity } from './activity.ts';
import type { Seen } from '../device/input.ts';
import type { Timer } from '../device/timer.ts';
import type { ServerClock } from '../device/clock.ts';
import type { Run } from './run.ts';

/** What seeing a user's activity needs. */
export interface UserActivityPorts {
  readonly clock: ServerClock;
  readonly timer: Timer;
  readonly run: () => Run;
  /** `POST /api/auth/activity`. @returns whether it has arrived. */
  readonly report: (age: Duration) => Promise<boolean>;
  /** Extends the session. @returns whether it has arrived. */
  readonly extend: () => Promise<boolean>;
}

const askAgainAfter = seconds(5);

/** The activity of the user at one tab: what counts, and what a sign of the user means. */
export function createUserActivity({ clock, timer, run, report, extend }: UserActivityPorts): {
  readonly activity: Activity;
  readonly seen: Seen;
} {
  let askedAt = -Infinity;
  let answeredAt = -Infinity;
  const isBefore = () => {
    const { view } = run().context();
    return view !== null && clock.now() < nearestDeadline(view);
  };
  const activity = createActivity({
    clock,
    timer,
    counts: () => run().state().phase === 'active' && isBefore() && !clock.inDoubt(),
    resolution: () => run().context().view?.policy.activityResolution ?? null,
    send: report,
    sendOtherwise: extend,
    otherwiseEvery() {
      const { view } = run().context();
      return view && view.policy.idleTimeout / 4;
    },
  });

  /** Asks because the clock is not to be trusted: not with every move of a hand. */
  function askForTime(): void {
    if (run().context().view === null || Math.abs(clock.now() - askedAt) < askAgainAfter) return;
    askedAt = clock.now();
    run().send({ type: 'revalidation.asked' });
  }

  /** Who goes on working beside the first warning has answered it. */
  function answer(): void {
    const { phase, stage, answer: answered } = run().state();
    if (phase !== 'warning' || stage !== 'toast' || answered !== 'counting') return;
    if (!isBefore() || Math.abs(clock.now() - answeredAt) < askAgainAfter) return;
    answeredAt = clock.now();
    run().send({ type: 'extend.asked' });
  }

  return {
    activity,
    /** The first sign of a user after the deadline is not activity: the time was up before. */
    seen(isDeed) {
      if (isDeed) answer();
      if (activity.isRecent()) return;
      if (isLiveView(run().context().view) && !isBefore()) run().send({ type: 'clock.reached', at: clock.now() });
      else if (clock.inDoubt()) askForTime();
      else activity.note();
    },
  };
}
