import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';

/** How often a key has failed. */
export interface FailureRecord {
  readonly count: number;
  /** When the counting began. */
  readonly since: Instant;
  readonly lastAt: Instant;
}

/** The counts of one key: the failures, and how many attempts are running that may still fail. */
export interface AttemptCounts {
  readonly failures: FailureRecord | null;
  readonly trying: number;
}

/** Where failures are counted, each key by itself; nothing comes between what one call reads and what it writes. */
export interface AttemptStore {
  /**
   * Counts an attempt under a key, if `judge` says so, given the counts.
   *
   * @param judge may be asked again, with others
   * @returns what `judge` returned.
   */
  enter<Verdict extends { readonly enters: boolean }>(
    key: string,
    at: Instant,
    judge: (counts: AttemptCounts) => Verdict,
  ): Promise<Verdict>;
  /** Ends an attempt, and stores what `become` returns for the failures of the key; `null` deletes them. */
  leave(key: string, at: Instant, become: (failures: FailureRecord | null) => FailureRecord | null): Promise<void>;
  /** Deletes keys without an attempt since an instant. */
  purge(quietSince: Instant): Promise<void>;
}

export const failuresRow = z
  .object({ failures: z.number(), since: z.number(), last_at: z.number() })
  .transform((row): FailureRecord => ({ count: row.failures, since: row.since, lastAt: row.last_at }));
