import { isRevoked } from '../sql/revocations.ts';
import { dueOf, endOf, isAlive, lastOf } from '../store/change.ts';
import type { Admission, Change, EventLog, TransactionalWrite } from '../store/eventLog.ts';
import { countRow } from '../store/rows.ts';
import type { Announcements } from './announcements.ts';
import type { PostgresDatabase, Query } from './connection.ts';
import { isUniqueViolation } from './failure.ts';
import { byId } from './lockOrder.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const enter = `
  insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
  select moved.id, entry.* from moved, unnest($9::integer[], $10::text[], $11::double precision[],
    $12::double precision[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[]) as entry`;

// What ends goes into the outbox of ends.
const remember = `
  insert into ends (stream, version, at, due, attempts)
  select id, $18, $19, $20, 0 from moved where $18::integer is not null`;

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
    where id = $1 and version = $8 and ($7::double precision is not null or not ${isRevoked('sessions')}) returning id
  ), entered as (${enter}), remembered as (${remember})
  select id from moved`;

const everybody = '(select coalesce(max(epoch), 0) from revocations)';

const admitFirst = `
  insert into accounts (user_id, auth_epoch, admissions, revoked_at)
  select $1, $2, 1, $5::double precision where $3 = ${everybody} and $4 = 0
  on conflict (user_id) do nothing`;

const admitNext = `
  update accounts
  set auth_epoch = auth_epoch + $2, admissions = admissions + 1, revoked_at = greatest(revoked_at, $5)
  where user_id = $1 and auth_epoch + ${everybody} = $3 and admissions = $4`;

/** Nobody is admitted while all sessions are ended: what was read before that counts no more. */
const holdEverybody = "select pg_advisory_xact_lock_shared(hashtextextended('revocations', 0))";
const lockEverybody = "select pg_advisory_xact_lock(hashtextextended('revocations', 0))";

async function admit(query: Query, { user, account, raiseEpoch, revokedAt }: Admission): Promise<void> {
  const { authEpoch, admissions } = account;
  const asRead = [user, raiseEpoch ? 1 : 0, authEpoch, admissions, revokedAt ?? null];
  await query(holdEverybody);
  const isFirst = admissions === 0 && (await query(admitFirst, asRead)).count > 0;
  if (!isFirst && (await query(admitNext, asRead)).count === 0) throw new WrongExpectedVersion();
}

/** Only states a version: holds it until the transaction is over. */
async function hold(query: Query, change: Change): Promise<void> {
  const { rows } = await query(
    `select version, ended_at is null and ${isRevoked('sessions')} as revoked from sessions where id = $1 for update`,
    [change.id],
  );
  const { version, revoked } = rows[0] ?? { version: 0, revoked: false };
  if (version !== change.expected || (revoked === true && isAlive(change))) throw new WrongExpectedVersion();
}

/** @returns whether anything was written. */
async function write(query: Query, change: Change): Promise<boolean> {
  const { id, expected, state, entries, device } = change;
  const last = lastOf(change);
  if (!last) {
    await hold(query, change);
    return false;
  }
  const { leaf, context } = state;
  const now = [id, last.version, leaf, JSON.stringify(context), last.hash, dueOf(change), context.endedAt];
  const columns = [
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
  const known = [device?.salt ?? null, device?.device.userAgent ?? null, device?.device.address ?? null];
  const end = endOf(change);
  const ending = [end?.version ?? null, end?.at ?? null, end?.recordedAt ?? null];
  const { count } =
    expected === 0
      ? await query(create, [...now, context.user, ...columns, ...ending, context.startedAt, ...known])
      : await query(update, [...now, expected, ...columns, ...ending]);
  if (count === 0) throw new WrongExpectedVersion();
  return true;
}

/**
 * @param notify is called with the ids of the changed sessions after each commit
 * @param notifyAll is called after all sessions were ended at once
 */
export function postgresAppend(
  database: PostgresDatabase,
  { notify, notifyAll }: Pick<Announcements, 'notify' | 'notifyAll'>,
): Pick<EventLog, 'append' | 'revokeAll'> {
  const appendOne = async (change: Change): Promise<readonly Change[]> =>
    (await write(database.query, change)) ? [change] : [];

  const appendAll = (
    changes: readonly Change[],
    admission: Admission | undefined,
    writes: readonly TransactionalWrite[],
  ): Promise<readonly Change[]> =>
    database.transaction(async (query) => {
      if (admission) await admit(query, admission);
      const written: Change[] = [];
      for (const change of changes.toSorted(byId)) if (await write(query, change)) written.push(change);
      await database.within(query, async () => {
        for (const each of writes) await each();
      });
      return changes.filter((change) => written.includes(change));
    });

  return {
    async append(changes, admission, writes = []) {
      const [first, ...others] = changes;
      try {
        const written =
          first && others.length === 0 && !admission && writes.length === 0
            ? await appendOne(first)
            : await appendAll(changes, admission, writes);
        notify(written.map(({ id }) => id));
        return 'appended';
      } catch (error) {
        if (error instanceof WrongExpectedVersion || isUniqueViolation(error)) return 'wrong_expected_version';
        throw error;
      }
    },

    async revokeAll({ at, by, reason, except }) {
      const ended = await database.transaction(async (query) => {
        await query(lockEverybody);
        const { rows } = await query(
          `select count(*)::integer as n from sessions
           where ended_at is null and id is distinct from $1 and not ${isRevoked('sessions')}`,
          [except ?? null],
        );
        await query(
          `insert into revocations (epoch, at, revoked_by, reason, spared)
           select coalesce(max(epoch), 0) + 1, $1, $2, $3, $4 from revocations`,
          [at, by, reason, except ?? null],
        );
        return countRow.parse(rows[0]).n;
      });
      notifyAll();
      return ended;
    },
  };
}
