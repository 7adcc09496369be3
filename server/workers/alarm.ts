import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import type { OnEnd } from '../session/tellEnds.ts';
import { systemClock } from '../systemClock.ts';
import type { ObjectState } from './platform.ts';

/** What failed is tried again so much later. */
const pause: Duration = seconds(1);

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
      select min(due) as at from sessions where due is not null
      union all select min(ended_at) + ?1 from sessions where ended_at is not null
      union all select min(expires_at) from drafts
      union all select min(due) from ends where ?2
      union all select min(expires_at) from single_use where expires_at < 8.64e15)`);
  let set: Instant | null = null;

  function arm(notBefore: Instant): void {
    const found = next.get(retention, onEnd ? 1 : 0)?.['at'];
    const work = typeof found === 'number' ? [found] : [];
    const due = Math.min(...work, ...(isPending() ? [clock() + pause] : []));
    if (due === Infinity) return;
    // The platform rings by its own clock, whichever the application has.
    const at = Math.ceil(Math.max(due, notBefore) + systemClock() - clock());
    if (at === set) return;
    set = at;
    void storage.setAlarm(at);
  }

  return {
    /** Sets it, in the same write as what was written just before. */
    arm: () => arm(0),
    /** Sets it anew after it has rung. */
    rearm() {
      set = null;
      arm(clock() + pause);
    },
  };
}
