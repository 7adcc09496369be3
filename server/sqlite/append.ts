import { z } from 'zod';
import { isRevoked } from '../sql/revocations.ts';
import { dueOf, endOf, isAlive, lastOf } from '../store/change.ts';
import type { Admission, Change, EventLog, LogEntry } from '../store/eventLog.ts';
import type { Listeners } from '../store/listeners.ts';
import { countRow, versionRow } from '../store/rows.ts';
import { runSynchronousWrites } from '../store/transactionalWrite.ts';
import type { Database } from './connection.ts';
import { admissionStateReader } from './queries.ts';

/** Ends a transaction whose expectations do not hold; never leaves this file. */
class WrongExpectedVersion extends Error {}

const presentRow = versionRow.extend({ lasts: z.number() });

function prepare(database: Database) {
  return {
    version: database.prepare(`
      select version, not (ended_at is null and ${isRevoked('sessions')}) as lasts from sessions where id = ?`),
    create: database.prepare(`
      insert into sessions (id, user, started_at, leaf, context, version, hash, due, ended_at, epoch)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(max(epoch), 0) from revocations))`),
    update: database.prepare(`
      update sessions set leaf = ?, context = ?, version = ?, hash = ?, due = ?, ended_at = ? where id = ?`),
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

  /** @returns whether anything was written. */
  function write(change: Change): boolean {
    const { id, expected, state, entries, device } = change;
    const last = lastOf(change);
    const row = statements.version.get(id);
    const { version, lasts } = row ? presentRow.parse(row) : { version: 0, lasts: 1 };
    if (version !== expected || (lasts === 0 && isAlive(change))) throw new WrongExpectedVersion();
    if (!last) return false;

    const { leaf, context } = state;
    const now = [leaf, JSON.stringify(context), last.version, last.hash, dueOf(change), context.endedAt] as const;
    if (expected === 0) statements.create.run(id, context.user, context.startedAt, ...now);
    else statements.update.run(...now, id);
    if (device) statements.addDevice.run(id, device.salt, device.device.userAgent, device.device.address);
    for (const entry of entries) enter(id, entry);
    const end = endOf(change);
    if (end) statements.addEnd.run(id, end.version, end.at, end.recordedAt);
    return true;
  }

  return {
    async append(changes, admission, writes = []) {
      try {
        const changed = database.transaction(() => {
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
