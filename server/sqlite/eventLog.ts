import type { Database } from './connection.ts';
import { runSynchronousWrites } from '../store/transactionalWrite.ts';
import { dueOf, lastOf } from '../store/change.ts';
import type { AdmissionState, Admission, Change, EventLog, LogEntry, Purge } from '../store/eventLog.ts';
import { listeners } from '../store/listeners.ts';
import { accountRow, entryRow, idRow, recordRow, storedRow, versionRow } from '../store/rows.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const stored = `
  select id, leaf, context, hash, salt, user_agent, address from sessions left join devices on stream = id`;

function prepare(database: Database) {
  return {
    version: database.prepare('select version from sessions where id = ?'),
    load: database.prepare(`${stored} where id = ?`),
    live: database.prepare(`${stored} where user = ? and ended_at is null order by started_at desc, id`),
    since: database.prepare(
      `${stored} where user = ? and (ended_at is null or ended_at >= ?) order by started_at desc, id`,
    ),
    read: database.prepare(`
      select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
      where stream = ? and version > ? order by version limit ?`),
    due: database.prepare('select id from sessions where due <= ? order by due, id limit ?'),
    ended: database.prepare(`${stored}
      where ended_at <= ?1 and (ended_at > ?2 or ended_at = ?2 and id > ?3) order by ended_at, id limit ?4`),
    purge: database.prepare('delete from sessions where id = ? and version = ? and ended_at is not null'),
    purgeEvents: database.prepare('delete from events where stream = ?'),
    purgeDevice: database.prepare('delete from devices where stream = ?'),
    record: database.prepare('insert into purged (stream, record) values (?, ?)'),
    purged: database.prepare('select record from purged where stream = ?'),
    account: database.prepare('select auth_epoch, admissions from accounts where user = ?'),
    create: database.prepare(`
      insert into sessions (id, user, started_at, leaf, context, version, hash, due, ended_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    update: database.prepare(`
      update sessions set leaf = ?, context = ?, version = ?, hash = ?, due = ?, ended_at = ? where id = ?`),
    enter: database.prepare(`
      insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    search: database.prepare(`${stored}
      where (?1 is null or user = ?1) and (?2 is null or leaf in (select value from json_each(?2)))
        and (?3 is null or started_at < ?3 or (started_at = ?3 and id > ?4))
      order by started_at desc, id limit ?5`),
    know: database.prepare('insert into devices (stream, salt, user_agent, address) values (?, ?, ?, ?)'),
    forget: database.prepare('delete from devices where stream in (select id from sessions where user = ?)'),
    admit: database.prepare(`
      insert into accounts (user, auth_epoch, admissions) values (?, ?, 1)
      on conflict (user) do update
      set auth_epoch = auth_epoch + excluded.auth_epoch, admissions = admissions + 1`),
  };
}

/**
 * Keeps sessions in SQLite: one row for where each session is now, one for each entry of its log. What it acknowledges
 * is on the disk.
 */
export function sqliteEventLog(database: Database): EventLog {
  const statements = prepare(database);
  const heard = listeners();

  function accountOf(user: string): AdmissionState {
    const row = statements.account.get(user);
    return row ? accountRow.parse(row) : { authEpoch: 0, admissions: 0 };
  }

  function admit({ user, account, raiseEpoch }: Admission): void {
    const now = accountOf(user);
    if (now.authEpoch !== account.authEpoch || now.admissions !== account.admissions) throw new WrongExpectedVersion();
    statements.admit.run(user, raiseEpoch ? 1 : 0);
  }

  function enter(id: string, entry: LogEntry): void {
    const { version, type, at, recordedAt, from, to, data, rules, hash } = entry;
    statements.enter.run(id, version, type, at, recordedAt, from, to, JSON.stringify(data), rules, hash);
  }

  /** @returns whether it was there as it was read. */
  function purge({ id, version, record }: Purge): boolean {
    if (statements.purge.run(id, version) === 0) return false;
    statements.purgeEvents.run(id);
    statements.purgeDevice.run(id);
    statements.record.run(id, record);
    return true;
  }

  /** @returns whether anything was written. */
  function write(change: Change): boolean {
    const { id, expected, state, entries, device } = change;
    const last = lastOf(change);
    const row = statements.version.get(id);
    if ((row ? versionRow.parse(row).version : 0) !== expected) throw new WrongExpectedVersion();
    if (!last) return false;

    const { leaf, context } = state;
    const now = [leaf, JSON.stringify(context), last.version, last.hash, dueOf(change), context.endedAt] as const;
    if (expected === 0) statements.create.run(id, context.user, context.startedAt, ...now);
    else statements.update.run(...now, id);
    if (device) statements.know.run(id, device.salt, device.device.userAgent, device.device.address);
    for (const entry of entries) enter(id, entry);
    return true;
  }

  return {
    async append(changes, admission, along = []) {
      try {
        const changed = database.transaction(() => {
          if (admission) admit(admission);
          const written = changes.filter(write);
          runSynchronousWrites(along);
          return written;
        });
        heard.tell(changed.map(({ id }) => id));
        return 'appended';
      } catch (error) {
        if (error instanceof WrongExpectedVersion) return 'wrong_expected_version';
        throw error;
      }
    },

    async load(id) {
      const row = statements.load.get(id);
      return row ? storedRow.parse(row) : null;
    },

    async read(id, after, limit) {
      return statements.read.all(id, after, limit).map((row) => entryRow.parse(row));
    },

    async sessionsOf(user, endedSince) {
      const rows = endedSince === undefined ? statements.live.all(user) : statements.since.all(user, endedSince);
      return rows.map((row) => storedRow.parse(row));
    },

    async search({ user, leaves, after }, limit) {
      const wanted = leaves === undefined ? null : JSON.stringify(leaves);
      return statements.search
        .all(user ?? null, wanted, after?.startedAt ?? null, after?.id ?? null, limit)
        .map((row) => storedRow.parse(row));
    },

    forgetting: (user) => () => void statements.forget.run(user),

    async account(user) {
      return accountOf(user);
    },

    async due(at, limit) {
      return statements.due.all(at, limit).map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      return statements.ended.all(before, after.endedAt, after.id, limit).map((row) => storedRow.parse(row));
    },

    async purge(purges) {
      return database.transaction(() => purges.filter(purge).map(({ id }) => id));
    },

    async purged(id) {
      const row = statements.purged.get(id);
      return row ? recordRow.parse(row).record : null;
    },

    subscribe: (listener) => heard.add(listener),
  };
}
