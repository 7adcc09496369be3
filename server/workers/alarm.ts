import { minutes, seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import type { OnEnd } from '../session/tellEnds.ts';
import { systemClock } from '../systemClock.ts';
import type { ObjectState } from './platform.ts';

/** What failed is tried again so much later, and each time after twice as long. */
const shortestPause: Duration = seconds(1);
const longestPause: Duration = minutes(10);

/** What the alarm of an object rings for, besides of deadlines. */
export interface AlarmOptions {
  readonly retention: Duration;
  readonly clock: () => Instant;
  /** `null` where nobody is to be told of ends. */
  readonly onEnd: OnEnd | null;
  /** Whether there is work that could not be done at once. */
  readonly isPending: () => boolean;
}

/** The one alarm of an object: for what comes next of all that it keeps. */
export function alarmOf(
  { storage }: ObjectState,
  database: Database,
  { retention, clock, onEnd, isPending }: AlarmOptions,
) {
  const next = database.prepare(`
    select min(at) as at from (
      select min(due) as at from sessions where due > ?3
      union all select min(ended_at) + ?1 from sessions where ended_at > ?3 - ?1
      union all select min(expires_at) from drafts where expires_at > ?3
      union all select min(due) from ends where ?2 and due > ?3
      union all select min(expires_at) from single_use where expires_at > ?3 and expires_at < 8.64e15)`);
  let set: Instant | null = null;
  let pause = shortestPause;

  function nextAfter(after: Instant): Instant {
    const found = next.get(retention, onEnd ? 1 : 0, after)?.['at'];
    return typeof found === 'number' ? found : Infinity;
  }

  /** @param again when what is overdue, or could not be done, is tried */
  function arm(again: Instant): void {
    const now = clock();
    const first = nextAfter(-8.64e15);
    const due = first > now ? first : Math.min(again, nextAfter(now));
    const wanted = isPending() ? Math.min(due, Math.max(again, now + shortestPause)) : due;
    if (wanted === Infinity) return;
    // The platform rings by its own clock, whichever the application has.
    const at = Math.ceil(wanted + systemClock() - now);
    if (at === set) return;
    set = at;
    void storage.setAlarm(at);
  }

  return {
    /** Sets it, in the same write as what was written just before. */
    arm: () => arm(clock()),
    /** Sets it anew after it has rung: for what is left undone less and less often. */
    rearm() {
      set = null;
      const isLeft = nextAfter(-8.64e15) <= clock() || isPending();
      arm(clock() + pause);
      pause = isLeft ? Math.min(longestPause, 2 * pause) : shortestPause;
    },
  };
}
