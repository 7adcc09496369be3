import { z } from 'zod';
import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { FailureCounts, Failures, Tally } from '../accounts/failures.ts';
import type { PostgresDatabase, Query } from './database.ts';

/** How long a try may be under way, in ms: a node that died with it does not keep its place for ever. */
const longestTry: Duration = minutes(1);

const tallyRow = z
  .object({
    key: z.string(),
    failures: z.number(),
    since: z.number(),
    last_at: z.number(),
    trying: z.number(),
    trying_until: z.number(),
  })
  .transform((row) => ({
    key: row.key,
    failures: row.failures === 0 ? null : { count: row.failures, since: row.since, lastAt: row.last_at },
    trying: row.trying,
    tryingUntil: row.trying_until,
  }));

interface Kept extends Tally {
  readonly tryingUntil: Instant;
}

const nothing: Kept = { failures: null, trying: 0, tryingUntil: 0 };

/** How keys stand. Whoever asks for one of them next waits until the transaction is over. */
async function hold(query: Query, keys: readonly string[], at: Instant): Promise<ReadonlyMap<string, Kept>> {
  // In one order, so that nobody waits in a circle; also where there is no row yet.
  for (const key of keys.toSorted())
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(['throttled', key])]);
  const { rows } = await query(
    'select key, failures, since, last_at, trying, trying_until from throttled where key = any($1::text[])',
    [keys],
  );
  const found = new Map(rows.map((row) => tallyRow.parse(row)).map((tally) => [tally.key, tally]));
  return new Map(
    keys.map((key) => {
      const tally = found.get(key) ?? nothing;
      return [key, tally.tryingUntil > at ? tally : { ...tally, trying: 0 }];
    }),
  );
}

async function keep(query: Query, key: string, { failures, trying, tryingUntil }: Kept, at: Instant): Promise<void> {
  if (failures === null && trying === 0) {
    await query('delete from throttled where key = $1', [key]);
    return;
  }
  const { count, since, lastAt }: Failures = failures ?? { count: 0, since: at, lastAt: at };
  await query(
    `insert into throttled (key, failures, since, last_at, trying, trying_until) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set failures = excluded.failures, since = excluded.since,
       last_at = excluded.last_at, trying = excluded.trying, trying_until = excluded.trying_until`,
    [key, count, since, lastAt, trying, tryingUntil],
  );
}

/** Counts failures, and the tries that are under way on any node, in PostgreSQL. */
export function postgresFailures({ query, transaction }: PostgresDatabase): FailureCounts {
  return {
    enter: (keys, at, judge) =>
      transaction(async (within) => {
        const tallies = await hold(within, keys, at);
        const verdict = judge(tallies);
        if (!verdict.enters) return verdict;
        for (const [key, tally] of tallies)
          await keep(within, key, { ...tally, trying: tally.trying + 1, tryingUntil: at + longestTry }, at);
        return verdict;
      }),
    leave: (keys, at, become) =>
      transaction(async (within) => {
        for (const [key, tally] of await hold(within, keys, at)) {
          const failures = become(key, tally.failures);
          await keep(within, key, { ...tally, failures, trying: Math.max(0, tally.trying - 1) }, at);
        }
      }),
    async purge(quietSince) {
      await query('delete from throttled where last_at <= $1 and trying_until <= $1', [quietSince]);
    },
  };
}
