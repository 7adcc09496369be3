import { hours, minutes, seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { FailureRecord } from '../store/attempts.ts';

/** What failures mean for the next tries: how many may fail now, and how long to wait when none may. */
export interface Allowance {
  readonly tries: number;
  /** In ms; 0 when a try is allowed at once. */
  readonly wait: Duration;
}

/** How failures of one kind of key are limited. */
export interface Limit {
  /** Whether the failures no longer count. */
  isOver(failures: FailureRecord, at: Instant): boolean;
  /** What is allowed beside failures that still count. */
  allowance(failures: FailureRecord, at: Instant): Allowance;
  /** What is allowed when nothing has failed: how many tries. */
  readonly free: number;
}

const freeTries = 5;
const longestDelay = minutes(15);

/** An account is forgotten when it has been quiet for this long, in ms. */
export const forgottenAfter: Duration = hours(1);

const delayAfter = (count: number): Duration => Math.min(seconds(1) * 2 ** (count - freeTries), longestDelay);

/** An account as it is tried from one address: five free tries, then 1 s, 2 s, 4 s … up to 15 min between two. */
export const accountLimit: Limit = {
  free: freeTries,
  isOver: ({ lastAt }, at) => at - lastAt >= forgottenAfter,
  allowance({ count, lastAt }, at) {
    if (count < freeTries) return { tries: freeTries - count, wait: 0 };
    // A clock that was put back makes no wait longer.
    const wait = Math.min(delayAfter(count), lastAt + delayAfter(count) - at);
    return wait > 0 ? { tries: 0, wait } : { tries: 1, wait: 0 };
  },
};

const failuresPerWindow = 100;
const window = minutes(1);

/** An address, whatever accounts it tries: 100 failures a minute. */
export const addressLimit: Limit = {
  free: failuresPerWindow,
  isOver: ({ since }, at) => at - since >= window,
  allowance({ count, since }, at) {
    const tries = Math.max(0, failuresPerWindow - count);
    return { tries, wait: tries > 0 ? 0 : Math.min(window, since + window - at) };
  },
};
