import { idRow } from '../store/rows.ts';
import { LoggedOutAtProvider, type References } from '../store/references.ts';
import type { Database } from './database.ts';

/** Keeps references to sessions at identity providers in SQLite. */
export function sqliteReferences(database: Database): References {
  const early = database.prepare('select 1 from early_logouts where issuer = ? and sid = ? and expires_at > ?');
  const unbind = database.prepare('delete from session_references where stream = ?');
  const bind = database.prepare('insert into session_references (issuer, sid, stream) values (?, ?, ?)');
  const bound = database.prepare(
    'select stream as id from session_references where issuer = ? and sid = ? order by stream',
  );
  const remember = database.prepare(`
    insert into early_logouts (issuer, sid, expires_at) values (?, ?, ?)
    on conflict (issuer, sid) do update set expires_at = max(expires_at, excluded.expires_at)`);
  const erase = database.prepare(
    'delete from session_references where stream in (select id from sessions where user = ?)',
  );
  const purge = database.prepare('delete from early_logouts where expires_at <= ?');

  return {
    bindWrite:
      (session, { issuer, sid }, at) =>
      () => {
        if (early.get(issuer, sid, at)) throw new LoggedOutAtProvider('the provider has ended this session');
        unbind.run(session);
        bind.run(issuer, sid, session);
      },
    async logOut({ issuer, sid }, until) {
      return database.transaction(() => {
        remember.run(issuer, sid, until);
        return bound.all(issuer, sid).map((row) => idRow.parse(row).id);
      });
    },
    eraseWrite: (user) => () => void erase.run(user),
    async purge(at) {
      purge.run(at);
    },
  };
}
