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

/** Where failures are counted, by key. */
export interface FailureCounts {
  of(key: string): Failures | null;
  set(key: string, failures: Failures): void;
  forget(key: string): void;
  /** Erases what has been quiet since an instant. */
  purge(quietSince: Instant): void;
}

const failuresRow = z
  .object({ failures: z.number(), since: z.number(), last_at: z.number() })
  .transform((row): Failures => ({ count: row.failures, since: row.since, lastAt: row.last_at }));

/** Counts failures in SQLite. */
export function sqliteFailures(database: Database): FailureCounts {
  const get = database.prepare('select failures, since, last_at from throttled where key = ?');
  const set = database.prepare(`
    insert into throttled (key, failures, since, last_at) values (?, ?, ?, ?)
    on conflict (key) do update
    set failures = excluded.failures, since = excluded.since, last_at = excluded.last_at`);
  const forget = database.prepare('delete from throttled where key = ?');
  const purge = database.prepare('delete from throttled where last_at <= ?');

  return {
    of(key) {
      const row = get.get(key);
      return row ? failuresRow.parse(row) : null;
    },
    set: (key, { count, since, lastAt }) => void set.run(key, count, since, lastAt),
    forget: (key) => void forget.run(key),
    purge: (quietSince) => void purge.run(quietSince),
  };
}
