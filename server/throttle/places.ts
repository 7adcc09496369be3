import type { Duration, Instant } from '../../machines/index.ts';
import type { AttemptCounts, AttemptStore, FailureRecord } from '../store/attempts.ts';
import type { Allowance, Limit } from './limits.ts';

/**
 * An attempt starts; or waits for running ones (`wait` is `null`), which would use up what is allowed if they failed;
 * or is refused for `wait` ms.
 */
export type Verdict =
  | { readonly enters: true }
  | { readonly enters: false; readonly wait: Duration }
  | { readonly enters: false; readonly wait: null };

const counting = (failures: FailureRecord | null, limit: Limit, at: Instant): FailureRecord | null =>
  failures && !limit.isOver(failures, at) ? failures : null;

function allowanceOf({ failures }: AttemptCounts, limit: Limit, at: Instant): Allowance {
  const counted = counting(failures, limit, at);
  return counted ? limit.allowance(counted, at) : { tries: limit.free, wait: 0 };
}

/** Lets tries of one key run side by side only as far as all of them could fail without exceeding what is allowed. */
function judge(counts: AttemptCounts, limit: Limit, at: Instant): Verdict {
  const { tries, wait } = allowanceOf(counts, limit, at);
  if (tries <= 0) return { enters: false, wait };
  return counts.trying < tries ? { enters: true } : { enters: false, wait: null };
}

/** What an attempt is counted under, and how often that may fail. */
export interface Place {
  readonly key: string;
  readonly limit: Limit;
}

/** What becomes of the failures of a place. */
export type Become = (failures: FailureRecord | null, place: Place) => FailureRecord | null;

/** They stay as they are. */
export const keep: Become = (failures) => failures;

/** One failure more, of those that still count. */
export const failed = (failures: FailureRecord | null, limit: Limit, at: Instant): FailureRecord => {
  const before = counting(failures, limit, at);
  return { count: (before?.count ?? 0) + 1, since: before?.since ?? at, lastAt: at };
};

/** The places of one attempt: the address and the account, each counted by itself. */
export interface Places {
  /** Enters one after the other; where one of them does not let it in, it is in none. */
  readonly enter: (all: readonly Place[]) => Promise<Verdict>;
  /** Leaves each, whatever becomes of the others. */
  readonly leave: (all: readonly Place[], become: Become) => Promise<void>;
}

/** Counts attempts under several places. */
export function placesIn(counts: AttemptStore, clock: () => Instant): Places {
  async function leave(places: readonly Place[], become: Become): Promise<void> {
    const at = clock();
    const outcomes = await Promise.allSettled(
      places.map((place) => counts.leave(place.key, at, (failures) => become(failures, place))),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async function enter(places: readonly Place[]): Promise<Verdict> {
    const entered: Place[] = [];
    let verdict: Verdict = { enters: true };
    try {
      for (const place of places) {
        const at = clock();
        verdict = await counts.enter(place.key, at, (found) => judge(found, place.limit, at));
        if (!verdict.enters) break;
        entered.push(place);
      }
    } catch (error) {
      await leave(entered, keep).catch(() => {});
      throw error;
    }
    if (!verdict.enters) await leave(entered, keep);
    return verdict;
  }

  return { enter, leave };
}
