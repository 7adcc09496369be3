import { z } from 'zod';
import { isRevoked } from '../sql/revocations.ts';
import { dueOf, endOf, isAlive, lastOf } from '../store/change.ts';
import type { Admission, Change, EventLog, LogEntry } from '../store/eventLog.ts';
import type { Listeners } from '../store/listeners.ts';
import { countRow, versionRow } from '../store/rows.ts';
import { runSynchronousWrites } from '../store/transactionalWrite.ts';
import type { Database } from './database.ts';
import { admissionStateReader } from './queries.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const presentRow = versionRow.extend({ lasts: z.number() });

const moved = 'update sessions set leaf = ?1, context = ?2, version = ?3, hash = ?4, due = ?5';
const asExpected = 'where id = ?6 and version = ?7';

function prepare(database: Database) {
  return {
    version: database.prepare(`
      select version, not (ended_at is null and ${isRevoked('sessions')}) as lasts from sessions where id = ?`),
    create: database.prepare(`
      insert into sessions (leaf, context, version, hash, due, id, ended_at, user, started_at, epoch)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(max(epoch), 0) from revocations))
      on conflict (id) do nothing`),
    // Two, for SQLite writes every index anew that has a column of the list, also where the value stays.
    update: database.prepare(`${moved} ${asExpected} and ended_at is null and not ${isRevoked('sessions')}`),
    updateEnded: database.prepare(`${moved}, ended_at = ?8 ${asExpected}`),
    enter: database.prepare(`
      insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    addDevice: database.prepare('insert into devices (stream, salt, user_agent, address) values (?, ?, ?, ?)'),
    admit: database.prepare(`
      insert into accounts (user, auth_epoch, admissions, revoked_at) values (?, ?, 1, ?)
      on conflict (user) do update
      set auth_epoch = auth_epoch + excluded.auth_epoch, admissions = admissions + 1,
        revoked_at = coalesce(max(excluded.revoked_at, coalesce(revoked_at, excluded.revoked_at)), revoked_at)`),
    addEnd: database.prepare('insert into ends (stream, version, at, due, attempts) values (?, ?, ?, ?, 0)'),
    revokeAll: database.prepare(`
      insert into revocations (epoch, at, revoked_by, reason, spared)
      select coalesce(max(epoch), 0) + 1, ?, ?, ?, ? from revocations`),
    counted: database.prepare(`
      select count(*) as n from sessions
      where ended_at is null and id is not ? and not ${isRevoked('sessions')}`),
  };
}

/**
 * @param notify is called with the ids of the changed sessions after each commit
 * @param notifyAll is called after all sessions were ended at once
 */
export function sqliteAppend(
  database: Database,
  { notify, notifyAll }: Pick<Listeners, 'notify' | 'notifyAll'>,
): Pick<EventLog, 'append' | 'revokeAll'> {
  const statements = prepare(database);
  const accountOf = admissionStateReader(database);

  function admit({ user, account, raiseEpoch, revokedAt }: Admission): void {
    const now = accountOf(user);
    if (now.authEpoch !== account.authEpoch || now.admissions !== account.admissions) throw new WrongExpectedVersion();
    statements.admit.run(user, raiseEpoch ? 1 : 0, revokedAt ?? null);
  }

  function enter(id: string, entry: LogEntry): void {
    const { version, type, at, recordedAt, from, to, data, rules, hash } = entry;
    statements.enter.run(id, version, type, at, recordedAt, from, to, JSON.stringify(data), rules, hash);
  }

  /** Only states a version. */
  function check(change: Change): void {
    const row = statements.version.get(change.id);
    const { version, lasts } = row ? presentRow.parse(row) : { version: 0, lasts: 1 };
    if (version !== change.expected || (lasts === 0 && isAlive(change))) throw new WrongExpectedVersion();
  }

  /** @returns how many sessions were as expected, and are now as they are to be: one or none. */
  function move(change: Change, { version, hash }: LogEntry): number {
    const { id, expected, state } = change;
    const { leaf, context } = state;
    const now = [leaf, JSON.stringify(context), version, hash, dueOf(change), id] as const;
    if (expected === 0) return statements.create.run(...now, context.endedAt, context.user, context.startedAt);
    if (context.endedAt === null) return statements.update.run(...now, expected);
    return statements.updateEnded.run(...now, expected, context.endedAt);
  }

  /** @returns whether anything was written. */
  function write(change: Change): boolean {
    const last = lastOf(change);
    if (!last) {
      check(change);
      return false;
    }
    if (move(change, last) === 0) throw new WrongExpectedVersion();
    const { id, entries, device } = change;
    if (device) statements.addDevice.run(id, device.salt, device.device.userAgent, device.device.address);
    for (const entry of entries) enter(id, entry);
    const end = endOf(change);
    if (end) statements.addEnd.run(id, end.version, end.at, end.recordedAt);
    return true;
  }

  return {
    async append(changes, admission, writes = []) {
      try {
        const changed = await database.transactionInGroup(() => {
          if (admission) admit(admission);
          const written = changes.filter(write);
          runSynchronousWrites(writes);
          return written;
        });
        notify(changed.map(({ id }) => id));
        return 'appended';
      } catch (error) {
        if (error instanceof WrongExpectedVersion) return 'wrong_expected_version';
        throw error;
      }
    },

    async revokeAll({ at, by, reason, except }) {
      const ended = database.transaction(() => {
        const { n } = countRow.parse(statements.counted.get(except ?? null));
        statements.revokeAll.run(at, by, reason, except ?? null);
        return n;
      });
      notifyAll();
      return ended;
    },
  };
}
