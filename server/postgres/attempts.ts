import { z } from 'zod';
import { minutes, type Duration, type Instant } from '../../machines/index.ts';
import type { AttemptStore, FailureRecord, AttemptCounts } from '../store/attempts.ts';
import type { PostgresDatabase, Query } from './connection.ts';

/** How long a try may be under way, in ms: a node that died with it does not keep its place for ever. */
const longestTry: Duration = minutes(1);

const attemptRow = z
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

interface Kept extends AttemptCounts {
  readonly tryingUntil: Instant;
}

const nothing: Kept = { failures: null, trying: 0, tryingUntil: 0 };

/**
 * Reads the counts of some keys and locks them: another transaction that reads one of them waits for this one to end.
 */
async function hold(query: Query, keys: readonly string[], at: Instant): Promise<ReadonlyMap<string, Kept>> {
  // In one order, so that no two transactions wait for each other; also where there is no row yet.
  await query('select pg_advisory_xact_lock(hashtextextended(place, 0)) from unnest($1::text[]) as place', [
    keys.toSorted().map((key) => JSON.stringify(['throttled', key])),
  ]);
  const { rows } = await query(
    'select key, failures, since, last_at, trying, trying_until from throttled where key = any($1::text[])',
    [keys],
  );
  const found = new Map(rows.map((row) => attemptRow.parse(row)).map((counted) => [counted.key, counted]));
  return new Map(
    keys.map((key) => {
      const counted = found.get(key) ?? nothing;
      return [key, counted.tryingUntil > at ? counted : { ...counted, trying: 0 }];
    }),
  );
}

/** A key without failures and attempts needs no row. */
const isNothing = ({ failures, trying }: AttemptCounts): boolean => failures === null && trying === 0;

async function keep(query: Query, countsByKey: ReadonlyMap<string, Kept>, at: Instant): Promise<void> {
  const gone = [...countsByKey].filter(([, counted]) => isNothing(counted)).map(([key]) => key);
  if (gone.length > 0) await query('delete from throttled where key = any($1::text[])', [gone]);
  const kept = [...countsByKey].filter(([, counted]) => !isNothing(counted));
  if (kept.length === 0) return;
  const failures = kept.map(([, counted]): FailureRecord => counted.failures ?? { count: 0, since: at, lastAt: at });
  await query(
    `insert into throttled (key, failures, since, last_at, trying, trying_until)
     select * from unnest($1::text[], $2::integer[], $3::double precision[], $4::double precision[], $5::integer[],
       $6::double precision[])
     on conflict (key) do update set failures = excluded.failures, since = excluded.since,
       last_at = excluded.last_at, trying = excluded.trying, trying_until = excluded.trying_until`,
    [
      kept.map(([key]) => key),
      failures.map(({ count }) => count),
      failures.map(({ since }) => since),
      failures.map(({ lastAt }) => lastAt),
      kept.map(([, { trying }]) => trying),
      kept.map(([, { tryingUntil }]) => tryingUntil),
    ],
  );
}

const mapValues = (countsByKey: ReadonlyMap<string, Kept>, change: (counted: Kept, key: string) => Kept) =>
  new Map([...countsByKey].map(([key, counted]) => [key, change(counted, key)]));

/** Counts failures, and the tries that are under way on any node, in PostgreSQL. */
export function postgresAttempts({ query, transaction }: PostgresDatabase): AttemptStore {
  return {
    enter: (keys, at, judge) =>
      transaction(async (within) => {
        const countsByKey = await hold(within, keys, at);
        const verdict = judge(countsByKey);
        const tryingUntil = at + longestTry;
        if (verdict.enters)
          await keep(
            within,
            mapValues(countsByKey, (counted) => ({ ...counted, trying: counted.trying + 1, tryingUntil })),
            at,
          );
        return verdict;
      }),
    leave: (keys, at, become) =>
      transaction(async (within) => {
        const left = mapValues(await hold(within, keys, at), (counted, key) => ({
          ...counted,
          failures: become(key, counted.failures),
          trying: Math.max(0, counted.trying - 1),
        }));
        await keep(within, left, at);
      }),
    async purge(quietSince) {
      await query('delete from throttled where last_at <= $1 and (trying = 0 or trying_until <= $1)', [quietSince]);
    },
  };
}
