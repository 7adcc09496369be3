import { randomUUID } from 'node:crypto';
import { dueOf, lastOf } from '../store/change.ts';
import type { AdmissionState, Admission, TransactionalWrite, Change, EventLog } from '../store/eventLog.ts';
import { listeners } from '../store/listeners.ts';
import { accountRow, entryRow, idRow, recordRow, storedRow } from '../store/rows.ts';
import { announcer } from './announcer.ts';
import { openChannel } from './channel.ts';
import type { PostgresDatabase, Query } from './connection.ts';
import { isTaken } from './failure.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const channel = 'curfew_sessions';

const stored = `
  select id, leaf, context, hash, salt, user_agent, address from sessions left join devices on stream = id`;

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

// One statement erases a session and leaves its record, if it has ended and is still at the version that was read.
const purge = `
  with gone as (
    delete from sessions where id = $1 and version = $2 and ended_at is not null returning id
  ), silenced as (
    delete from events where stream in (select id from gone)
  ), forgotten as (
    delete from devices where stream in (select id from gone)
  )
  insert into purged (stream, record) select id, $3 from gone`;

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

/** Everybody takes the locks of several sessions in this order, so that nobody waits in a circle. */
const byId = (a: Pick<Change, 'id'>, b: Pick<Change, 'id'>): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Keeps sessions in PostgreSQL: one row for where each session is now, one for each entry of its log. Nothing is cached,
 * so that what one node commits holds on all of them at once.
 */
export function postgresEventLog(database: PostgresDatabase): EventLog {
  const heard = listeners();
  const missed = listeners();
  const node = randomUUID();
  const announce = announcer(database, channel);
  let isListening = false;

  function listen(): void {
    if (isListening) return;
    isListening = true;
    openChannel(database, channel, {
      heard(payload) {
        const [from = '', ...id] = payload.split(':');
        if (from !== node) heard.tell([id.join(':')]);
      },
      missed: () => missed.tell(['']),
    });
  }

  const single = async (change: Change): Promise<readonly Change[]> =>
    (await write(database.query, change)) ? [change] : [];

  const together = (
    changes: readonly Change[],
    admission: Admission | undefined,
    along: readonly TransactionalWrite[],
  ): Promise<readonly Change[]> =>
    database.transaction(async (query) => {
      if (admission) await admit(query, admission);
      const written: Change[] = [];
      for (const change of changes.toSorted(byId)) if (await write(query, change)) written.push(change);
      await database.within(query, async () => {
        for (const each of along) await each();
      });
      return changes.filter((change) => written.includes(change));
    });

  return {
    async append(changes, admission, along = []) {
      const [first, ...others] = changes;
      try {
        const written =
          first && others.length === 0 && !admission && along.length === 0
            ? await single(first)
            : await together(changes, admission, along);
        const ids = written.map(({ id }) => id);
        heard.tell(ids);
        if (ids.length > 0) announce(ids.map((id) => `${node}:${id}`));
        return 'appended';
      } catch (error) {
        if (error instanceof WrongExpectedVersion || isTaken(error)) return 'wrong_expected_version';
        throw error;
      }
    },

    async load(id) {
      const { rows } = await database.query(`${stored} where id = $1`, [id]);
      return rows[0] ? storedRow.parse(rows[0]) : null;
    },

    async read(id, after, limit) {
      const { rows } = await database.query(
        `select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
         where stream = $1 and version > $2 order by version limit $3`,
        [id, after, limit],
      );
      return rows.map((row) => entryRow.parse(row));
    },

    async sessionsOf(user, endedSince) {
      const ended = endedSince === undefined ? 'ended_at is null' : '(ended_at is null or ended_at >= $2)';
      const { rows } = await database.query(
        `${stored} where user_id = $1 and ${ended} order by started_at desc, id`,
        endedSince === undefined ? [user] : [user, endedSince],
      );
      return rows.map((row) => storedRow.parse(row));
    },

    async search({ user, leaves, after }, limit) {
      const { rows } = await database.query(
        `${stored}
         where ($1::text is null or user_id = $1) and ($2::text[] is null or leaf = any($2))
           and ($3::double precision is null or started_at < $3 or (started_at = $3 and id > $4))
         order by started_at desc, id limit $5`,
        [user ?? null, leaves ?? null, after?.startedAt ?? null, after?.id ?? null, limit],
      );
      return rows.map((row) => storedRow.parse(row));
    },

    forgetting: (user) => async () => {
      await database.query('delete from devices where stream in (select id from sessions where user_id = $1)', [user]);
    },

    async account(user): Promise<AdmissionState> {
      const { rows } = await database.query('select auth_epoch, admissions from accounts where user_id = $1', [user]);
      return rows[0] ? accountRow.parse(rows[0]) : { authEpoch: 0, admissions: 0 };
    },

    async due(at, limit) {
      const { rows } = await database.query('select id from sessions where due <= $1 order by due, id limit $2', [
        at,
        limit,
      ]);
      return rows.map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      const { rows } = await database.query(
        `${stored} where ended_at <= $1 and (ended_at > $2 or ended_at = $2 and id > $3) order by ended_at, id limit $4`,
        [before, after.endedAt, after.id, limit],
      );
      return rows.map((row) => storedRow.parse(row));
    },

    purge: (purges) =>
      database.transaction(async (query) => {
        const gone: string[] = [];
        for (const { id, version, record } of purges.toSorted(byId))
          if ((await query(purge, [id, version, record])).count > 0) gone.push(id);
        return purges.map(({ id }) => id).filter((id) => gone.includes(id));
      }),

    async purged(id) {
      const { rows } = await database.query('select record from purged where stream = $1', [id]);
      return rows[0] ? recordRow.parse(rows[0]).record : null;
    },

    subscribe(listener, whenMissed = () => {}) {
      listen();
      const stops = [heard.add(listener), missed.add(() => whenMissed())];
      return () => stops.forEach((stop) => stop());
    },
  };
}
