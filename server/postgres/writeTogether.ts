import { isRevoked } from '../sql/revocations.ts';
import { dueOf, endOf, lastOf } from '../store/change.ts';
import type { Change } from '../store/eventLog.ts';
import type { Query, Single } from './connection.ts';
import { narrows } from './narrowing.ts';
import { entryColumns } from './write.ts';

const mayGoOn = `(wanted.ended_at is not null or not ${isRevoked('sessions')})`;

/**
 * One statement moves many sessions and writes their entries: those that still are at the expected version. Their rows are
 * locked in the order of every transaction; the snapshot of the statement may be older than the locks, and so the version is
 * looked at once more as they are written.
 */
const moveAll = (waiting: '' | 'skip locked') => `
  with wanted as (
    select * from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[],
      $7::double precision[], $8::double precision[], $9::integer[], $10::double precision[], $11::double precision[],
      $12::boolean[])
      as wanted (id, expected, version, leaf, context, hash, due, ended_at, end_version, end_at, end_due, narrows)
  ), held as materialized (
    select sessions.id from wanted join sessions on sessions.id = wanted.id and sessions.version = wanted.expected
    where ${mayGoOn} order by sessions.id for update of sessions ${waiting}
  ), moved as (
    update sessions set version = wanted.version, leaf = wanted.leaf, context = wanted.context, hash = wanted.hash,
      due = wanted.due, ended_at = wanted.ended_at
    from wanted join held on held.id = wanted.id
    where sessions.id = wanted.id and sessions.version = wanted.expected and ${mayGoOn}
    returning sessions.id, user_id, end_version, end_at, end_due, narrows
  ), entered as (
    insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
    select entry.* from moved join unnest($14::text[], $15::integer[], $16::text[], $17::double precision[],
      $18::double precision[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[])
      as entry (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash) on entry.stream = moved.id
  ), remembered as (
    insert into ends (stream, version, at, due, attempts)
    select id, end_version, end_at, end_due, 0 from moved where end_version is not null
  ), noted as (
    insert into curfew_narrowings (subject, user_id, node) select 's:' || id, user_id, $13 from moved where narrows
  )
  select id from moved`;

const [waitForLocks, passOverLocks] = [moveAll(''), moveAll('skip locked')];

/** Whether one statement can write a change together with others: it goes on with a session, and has something to write. */
export const isMove = ({ expected, entries }: Change): boolean => expected > 0 && entries.length > 0;

const valuesOf = (changes: readonly Change[], node: string): readonly (Single | readonly Single[])[] => {
  const column = (of: (change: Change) => Single) => changes.map(of);
  return [
    column(({ id }) => id),
    column(({ expected }) => expected),
    column(({ state }) => state.context.version),
    column(({ state }) => state.leaf),
    column(({ state }) => JSON.stringify(state.context)),
    column((change) => lastOf(change)?.hash ?? null),
    column(dueOf),
    column(({ state }) => state.context.endedAt),
    column((change) => endOf(change)?.version ?? null),
    column((change) => endOf(change)?.at ?? null),
    column((change) => endOf(change)?.recordedAt ?? null),
    column(narrows),
    node,
    changes.flatMap(({ id, entries }) => entries.map(() => id)),
    ...entryColumns(changes.flatMap(({ entries }) => entries)),
  ];
};

/**
 * Writes changes of as many sessions, each by itself: see `isMove`.
 *
 * @param locked what to do about sessions that another transaction holds: `wait` for them, or `pass` over them
 * @param node whose copies need not be asked about
 * @returns the ids of those that were written; the others are not as expected, or were passed over
 */
export async function writeTogether(
  query: Query,
  changes: readonly Change[],
  node: string,
  locked: 'wait' | 'pass',
): Promise<ReadonlySet<string>> {
  const { rows } = await query(locked === 'wait' ? waitForLocks : passOverLocks, valuesOf(changes, node));
  return new Set(rows.map(({ id }) => String(id)));
}
