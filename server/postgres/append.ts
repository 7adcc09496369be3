import { dueOf, lastOf } from '../store/change.ts';
import type { Admission, Change, EventLog, TransactionalWrite } from '../store/eventLog.ts';
import type { PostgresDatabase, Query } from './connection.ts';
import { isUniqueViolation } from './failure.ts';
import { byId } from './lockOrder.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const enter = `
  insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
  select moved.id, entry.* from moved, unnest($9::integer[], $10::text[], $11::double precision[],
    $12::double precision[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[]) as entry`;

// One statement moves a session and writes its entries, if it still is at the expected version.
const create = `
  with moved as (
    insert into sessions (id, version, leaf, context, hash, due, ended_at, user_id, started_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $18) on conflict (id) do nothing returning id
  ), entered as (${enter}), known as (
    insert into devices (stream, salt, user_agent, address)
    select id, $19, $20, $21 from moved where $19::text is not null
  )
  select id from moved`;

const update = `
  with moved as (
    update sessions set version = $2, leaf = $3, context = $4, hash = $5, due = $6, ended_at = $7
    where id = $1 and version = $8 returning id
  ), entered as (${enter})
  select id from moved`;

const admitFirst = `
  insert into accounts (user_id, auth_epoch, admissions) values ($1, $2, 1)
  on conflict (user_id) do update set auth_epoch = accounts.auth_epoch + $2, admissions = 1
  where accounts.auth_epoch = 0 and accounts.admissions = 0`;

const admitNext = `
  update accounts set auth_epoch = auth_epoch + $2, admissions = admissions + 1
  where user_id = $1 and auth_epoch = $3 and admissions = $4`;

async function admit(query: Query, { user, account, raiseEpoch }: Admission): Promise<void> {
  const { authEpoch, admissions } = account;
  const raise = raiseEpoch ? 1 : 0;
  const { count } =
    authEpoch === 0 && admissions === 0
      ? await query(admitFirst, [user, raise])
      : await query(admitNext, [user, raise, authEpoch, admissions]);
  if (count === 0) throw new WrongExpectedVersion();
}

/** Only states a version: holds it until the transaction is over. */
async function hold(query: Query, { id, expected }: Change): Promise<void> {
  const { rows } = await query('select version from sessions where id = $1 for update', [id]);
  if ((rows[0]?.['version'] ?? 0) !== expected) throw new WrongExpectedVersion();
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
  const { count } =
    expected === 0
      ? await query(create, [...now, context.user, ...columns, context.startedAt, ...known])
      : await query(update, [...now, expected, ...columns]);
  if (count === 0) throw new WrongExpectedVersion();
  return true;
}

/** @param notify is called with the ids of the changed sessions after each commit. */
export function postgresAppend(
  database: PostgresDatabase,
  notify: (ids: readonly string[]) => void,
): Pick<EventLog, 'append'> {
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
  };
}
