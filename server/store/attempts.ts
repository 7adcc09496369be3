import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';

/** How often a key has failed. */
export interface FailureRecord {
  readonly count: number;
  /** When the counting began. */
  readonly since: Instant;
  readonly lastAt: Instant;
}

/** How a key stands: what has failed, and how many tries are under way that still may. */
export interface AttemptCounts {
  readonly failures: FailureRecord | null;
  readonly trying: number;
}

/** Where failures are counted, by key; nothing comes between what one call reads and what it writes. */
export interface AttemptStore {
  /** Enters a try under all of the keys, if what `judge` makes of their tallies says so. @returns what it made. */
  enter<Verdict extends { readonly enters: boolean }>(
    keys: readonly string[],
    at: Instant,
    judge: (tallies: ReadonlyMap<string, AttemptCounts>) => Verdict,
  ): Promise<Verdict>;
  /** Takes a try out again, and keeps what `become` makes of the failures under each key; `null` forgets them. */
  leave(
    keys: readonly string[],
    at: Instant,
    become: (key: string, failures: FailureRecord | null) => FailureRecord | null,
  ): Promise<void>;
  /** Erases what has been quiet since an instant. */
  purge(quietSince: Instant): Promise<void>;
}

export const failuresRow = z
  .object({ failures: z.number(), since: z.number(), last_at: z.number() })
  .transform((row): FailureRecord => ({ count: row.failures, since: row.since, lastAt: row.last_at }));
