import type { AttemptStore, FailureRecord } from '../store/attempts.ts';
import { failuresRow } from '../store/attempts.ts';
import type { Database } from './database.ts';

/** Counts failures in SQLite; the tries under way are this process's, and it keeps them in memory. */
export function sqliteAttempts(database: Database): AttemptStore {
  const get = database.prepare('select failures, since, last_at from throttled where key = ?');
  const set = database.prepare(`
    insert into throttled (key, failures, since, last_at) values (?, ?, ?, ?)
    on conflict (key) do update
    set failures = excluded.failures, since = excluded.since, last_at = excluded.last_at`);
  const forget = database.prepare('delete from throttled where key = ?');
  const purge = database.prepare('delete from throttled where last_at <= ?');
  const trying = new Map<string, number>();

  function find(key: string): FailureRecord | null {
    const row = get.get(key);
    return row ? failuresRow.parse(row) : null;
  }

  return {
    async enter(key, _at, judge) {
      const before = trying.get(key) ?? 0;
      const verdict = judge({ failures: find(key), trying: before });
      if (verdict.enters) trying.set(key, before + 1);
      return verdict;
    },
    async leave(key, _at, become) {
      const left = (trying.get(key) ?? 0) - 1;
      if (left > 0) trying.set(key, left);
      else trying.delete(key);
      const before = find(key);
      const after = become(before);
      if (after === before) return;
      if (after) set.run(key, after.count, after.since, after.lastAt);
      else forget.run(key);
    },
    async purge(quietSince) {
      purge.run(quietSince);
    },
  };
}
