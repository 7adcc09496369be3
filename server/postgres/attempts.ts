import { z } from 'zod';
import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { AttemptStore, AttemptCounts } from '../store/attempts.ts';
import type { PostgresDatabase, Query } from './connection.ts';

/** How long a try may be under way, in ms: a node that died with it does not keep its place for ever. */
const longestTry: Duration = minutes(1);

const attemptRow = z
  .object({
    failures: z.number(),
    since: z.number(),
    last_at: z.number(),
    trying: z.number(),
    trying_until: z.number(),
  })
  .transform((row) => ({
    failures: row.failures === 0 ? null : { count: row.failures, since: row.since, lastAt: row.last_at },
    trying: row.trying,
    tryingUntil: row.trying_until,
  }));

interface Kept extends AttemptCounts {
  readonly tryingUntil: Instant;
}

const nothing: Kept = { failures: null, trying: 0, tryingUntil: 0 };

/** Reads the counts of a key and locks it: another transaction that reads it waits for this one to end. */
async function hold(query: Query, key: string, at: Instant): Promise<Kept> {
  // Also where there is no row yet.
  await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(['throttled', key])]);
  const { rows } = await query('select failures, since, last_at, trying, trying_until from throttled where key = $1', [
    key,
  ]);
  const counted = rows[0] ? attemptRow.parse(rows[0]) : nothing;
  return counted.tryingUntil > at ? counted : { ...counted, trying: 0 };
}

async function keep(query: Query, key: string, { failures, trying, tryingUntil }: Kept, at: Instant): Promise<void> {
  // A key without failures and attempts needs no row.
  if (failures === null && trying === 0) {
    await query('delete from throttled where key = $1', [key]);
    return;
  }
  const { count, since, lastAt } = failures ?? { count: 0, since: at, lastAt: at };
  await query(
    `insert into throttled (key, failures, since, last_at, trying, trying_until) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set failures = excluded.failures, since = excluded.since,
       last_at = excluded.last_at, trying = excluded.trying, trying_until = excluded.trying_until`,
    [key, count, since, lastAt, trying, tryingUntil],
  );
}

/** Counts failures, and the tries that are under way on any node, in PostgreSQL. */
export function postgresAttempts({ query, transaction }: PostgresDatabase): AttemptStore {
  return {
    enter: (key, at, judge) =>
      transaction(async (within) => {
        const counted = await hold(within, key, at);
        const verdict = judge(counted);
        if (verdict.enters)
          await keep(within, key, { ...counted, trying: counted.trying + 1, tryingUntil: at + longestTry }, at);
        return verdict;
      }),
    leave: (key, at, become) =>
      transaction(async (within) => {
        const counted = await hold(within, key, at);
        const left = { ...counted, failures: become(counted.failures), trying: Math.max(0, counted.trying - 1) };
        await keep(within, key, left, at);
      }),
    async purge(quietSince) {
      await query('delete from throttled where last_at <= $1 and (trying = 0 or trying_until <= $1)', [quietSince]);
    },
  };
}
