import { singleUseRow, type SingleUse } from '../store/singleUse.ts';
import type { Database } from './database.ts';

/** Keeps what can be taken once in SQLite. */
export function sqliteSingleUse(database: Database): SingleUse {
  const put = database.prepare(`
    insert into single_use (key, value, expires_at) values (?1, ?2, ?3)
    on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at where expires_at <= ?4`);
  const get = database.prepare('select value, expires_at from single_use where key = ?');
  const remove = database.prepare('delete from single_use where key = ?');
  const purge = database.prepare('delete from single_use where expires_at <= ?');

  return {
    async put(key, value, expiresAt, at) {
      return put.run(key, value, expiresAt, at) > 0;
    },
    async take(key, at) {
      return database.transaction(() => {
        const row = get.get(key);
        if (!row) return null;
        remove.run(key);
        const { value, expires_at: expiresAt } = singleUseRow.parse(row);
        return expiresAt > at ? value : null;
      });
    },
    async read(key, at) {
      const row = get.get(key);
      if (!row) return null;
      const { value, expires_at: expiresAt } = singleUseRow.parse(row);
      return expiresAt > at ? value : null;
    },
    async purge(at) {
      purge.run(at);
    },
  };
}
