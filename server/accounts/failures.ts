import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';

/** How often a key has failed. */
export interface Failures {
  readonly count: number;
  /** When the counting began. */
  readonly since: Instant;
  readonly lastAt: Instant;
}

/** How a key stands: what has failed, and how many tries are under way that still may. */
export interface Tally {
  readonly failures: Failures | null;
  readonly trying: number;
}

/** Where failures are counted, by key; nothing comes between what one call reads and what it writes. */
export interface FailureCounts {
  /** Enters a try under all of the keys, if what `judge` makes of their tallies says so. @returns what it made. */
  enter<Verdict extends { readonly enters: boolean }>(
    keys: readonly string[],
    at: Instant,
    judge: (tallies: ReadonlyMap<string, Tally>) => Verdict,
  ): Promise<Verdict>;
  /** Takes a try out again, and keeps what `become` makes of the failures under each key; `null` forgets them. */
  leave(
    keys: readonly string[],
    at: Instant,
    become: (key: string, failures: Failures | null) => Failures | null,
  ): Promise<void>;
  /** Erases what has been quiet since an instant. */
  purge(quietSince: Instant): Promise<void>;
}

const failuresRow = z
  .object({ failures: z.number(), since: z.number(), last_at: z.number() })
  .transform((row): Failures => ({ count: row.failures, since: row.since, lastAt: row.last_at }));

/** Counts failures in SQLite; the tries under way are this process's, and it keeps them in memory. */
export function sqliteFailures(database: Database): FailureCounts {
  const get = database.prepare('select failures, since, last_at from throttled where key = ?');
  const set = database.prepare(`
    insert into throttled (key, failures, since, last_at) values (?, ?, ?, ?)
    on conflict (key) do update
    set failures = excluded.failures, since = excluded.since, last_at = excluded.last_at`);
  const forget = database.prepare('delete from throttled where key = ?');
  const purge = database.prepare('delete from throttled where last_at <= ?');
  const trying = new Map<string, number>();

  function find(key: string): Failures | null {
    const row = get.get(key);
    return row ? failuresRow.parse(row) : null;
  }

  function keep(key: string, before: Failures | null, after: Failures | null): void {
    if (after === before) return;
    if (after) set.run(key, after.count, after.since, after.lastAt);
    else forget.run(key);
  }

  return {
    async enter(keys, _at, judge) {
      const verdict = judge(new Map(keys.map((key) => [key, { failures: find(key), trying: trying.get(key) ?? 0 }])));
      if (verdict.enters) for (const key of keys) trying.set(key, (trying.get(key) ?? 0) + 1);
      return verdict;
    },
    async leave(keys, _at, become) {
      for (const key of keys) {
        const left = (trying.get(key) ?? 0) - 1;
        if (left > 0) trying.set(key, left);
        else trying.delete(key);
      }
      const changes = keys.flatMap((key) => {
        const before = find(key);
        const after = become(key, before);
        return after === before ? [] : [{ key, before, after }];
      });
      if (changes.length === 0) return;
      database.transaction(() => {
        for (const { key, before, after } of changes) keep(key, before, after);
      });
    },
    async purge(quietSince) {
      purge.run(quietSince);
    },
  };
}
