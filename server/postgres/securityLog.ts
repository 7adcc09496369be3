import type { Pseudonyms } from '../store/securityLog.ts';
import { eventRow, type SecurityLog } from '../store/securityLog.ts';
import type { PostgresDatabase } from './connection.ts';

/** Keeps the security log in PostgreSQL. */
export function postgresSecurityLog({ query }: Pick<PostgresDatabase, 'query'>, pseudonyms: Pseudonyms): SecurityLog {
  return {
    async record({ at, kind, account, user, address, detail }) {
      const who = account === undefined ? null : pseudonyms.account(account);
      const where = address === undefined ? null : pseudonyms.address(address);
      await query(
        'insert into security_log (at, kind, account, user_id, address, detail) values ($1, $2, $3, $4, $5, $6)',
        [at, kind, who, user ?? null, where, JSON.stringify(detail ?? {})],
      );
    },
    async since(at, limit) {
      const { rows } = await query(
        `select at, kind, account, user_id as "user", address, detail from security_log
         where at > $1 order by at, number limit $2`,
        [at, limit],
      );
      return rows.map((row) => eventRow.parse(row));
    },
    async purge(before) {
      await query('delete from security_log where at < $1', [before]);
    },
  };
}
