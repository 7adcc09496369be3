import type { Pseudonyms } from '../store/securityLog.ts';
import type { SecurityLog } from '../store/securityLog.ts';
import { eventRow } from '../store/securityLog.ts';
import type { Database } from './database.ts';

/** Keeps the security log in SQLite. */
export function sqliteSecurityLog(database: Database, pseudonyms: Pseudonyms): SecurityLog {
  const insert = database.prepare(
    'insert into security_log (at, kind, account, user, address, detail) values (?, ?, ?, ?, ?, ?)',
  );
  const since = database.prepare(`
    select at, kind, account, user, address, detail from security_log
    where at > ? order by at, rowid limit ?`);
  const purge = database.prepare('delete from security_log where at < ?');

  return {
    async record({ at, kind, account, user, address, detail }) {
      const who = account === undefined ? null : pseudonyms.account(account);
      const where = address === undefined ? null : pseudonyms.address(address);
      insert.run(at, kind, who, user ?? null, where, JSON.stringify(detail ?? {}));
    },
    async since(at, limit) {
      return since.all(at, limit).map((row) => eventRow.parse(row));
    },
    async purge(before) {
      purge.run(before);
    },
  };
}
