import { singleUseRow, type SingleUse } from '../store/singleUse.ts';
import type { PostgresDatabase } from './connection.ts';

/** Keeps what can be taken once in PostgreSQL. */
export function postgresSingleUse({ query }: Pick<PostgresDatabase, 'query'>): SingleUse {
  return {
    async put(key, value, expiresAt, at) {
      const { count } = await query(
        `insert into single_use (key, value, expires_at) values ($1, $2, $3)
         on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at
         where single_use.expires_at <= $4`,
        [key, value, expiresAt, at],
      );
      return count > 0;
    },
    async take(key, at) {
      const { rows } = await query('delete from single_use where key = $1 returning value, expires_at', [key]);
      if (!rows[0]) return null;
      const { value, expires_at: expiresAt } = singleUseRow.parse(rows[0]);
      return expiresAt > at ? value : null;
    },
    async read(key, at) {
      const { rows } = await query('select value, expires_at from single_use where key = $1', [key]);
      if (!rows[0]) return null;
      const { value, expires_at: expiresAt } = singleUseRow.parse(rows[0]);
      return expiresAt > at ? value : null;
    },
    async purge(at) {
      await query('delete from single_use where expires_at <= $1', [at]);
    },
  };
}
