import { isRevoked } from '../sql/revocations.ts';
import { dueOf, endOf, isAlive, lastOf } from '../store/change.ts';
import type { Change, LogEntry } from '../store/eventLog.ts';
import type { Query, Single } from './connection.ts';
import { narrows } from './narrowing.ts';

/** Ends a transaction whose expectations do not hold; never leaves this folder. */
export class WrongExpectedVersion extends Error {}

const enter = `
  insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
  select moved.id, entry.* from moved, unnest($9::integer[], $10::text[], $11::double precision[],
    $12::double precision[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[]) as entry`;

// What ends goes into the outbox of ends.
const remember = `
  insert into ends (stream, version, at, due, attempts)
  select id, $18, $19, $20, 0 from moved where $18::integer is not null`;

// What other nodes may have a copy of that lets in too much.
const note = `
  insert into curfew_narrowings (subject, user_id, node)
  select 's:' || id, user_id, $21 from moved where $21::text is not null`;

// One statement moves a session and writes its entries, if it still is at the expected version.
const create = `
  with moved as (
    insert into sessions (id, version, leaf, context, hash, due, ended_at, user_id, started_at, epoch)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $21, (select coalesce(max(epoch), 0) from revocations))
    on conflict (id) do nothing returning id
  ), entered as (${enter}), remembered as (${remember}), known as (
    insert into devices (stream, salt, user_agent, address)
    select id, $22, $23, $24 from moved where $22::text is not null
  )
  select id from moved`;

const update = `
  with moved as (
    update sessions set version = $2, leaf = $3, context = $4, hash = $5, due = $6, ended_at = $7
    where id = $1 and version = $8 and ($7::double precision is not null or not ${isRevoked('sessions')})
    returning id, user_id
  ), entered as (${enter}), remembered as (${remember}), noted as (${note})
  select id from moved`;

/** Only states a version: holds it until the transaction is over. */
async function hold(query: Query, change: Change): Promise<void> {
  const { rows } = await query(
    `select version, ended_at is null and ${isRevoked('sessions')} as revoked from sessions where id = $1 for update`,
    [change.id],
  );
  const { version, revoked } = rows[0] ?? { version: 0, revoked: false };
  if (version !== change.expected || (revoked === true && isAlive(change))) throw new WrongExpectedVersion();
}

/** Entries as the arrays that a statement makes rows of. */
export const entryColumns = (entries: readonly LogEntry[]): readonly (readonly Single[])[] => [
  entries.map(({ version }) => version),
  entries.map(({ type }) => type),
  entries.map(({ at }) => at),
  entries.map(({ recordedAt }) => recordedAt),
  entries.map(({ from }) => from),
  entries.map(({ to }) => to),
  entries.map(({ data }) => JSON.stringify(data)),
  entries.map(({ rules }) => rules),
  entries.map(({ hash }) => hash),
];

/**
 * Writes one change.
 *
 * @param node whose copies need not be asked about
 * @returns whether anything was written.
 * @throws WrongExpectedVersion
 */
export async function write(query: Query, change: Change, node: string): Promise<boolean> {
  const { id, expected, state, entries, device } = change;
  const last = lastOf(change);
  if (!last) {
    await hold(query, change);
    return false;
  }
  const { leaf, context } = state;
  const now = [id, last.version, leaf, JSON.stringify(context), last.hash, dueOf(change), context.endedAt];
  const columns = entryColumns(entries);
  const known = [device?.salt ?? null, device?.device.userAgent ?? null, device?.device.address ?? null];
  const end = endOf(change);
  const ending = [end?.version ?? null, end?.at ?? null, end?.recordedAt ?? null];
  const { count } =
    expected === 0
      ? await query(create, [...now, context.user, ...columns, ...ending, context.startedAt, ...known])
      : await query(update, [...now, expected, ...columns, ...ending, narrows(change) ? node : null]);
  if (count === 0) throw new WrongExpectedVersion();
  return true;
}
