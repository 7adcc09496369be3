import { endRow, type Ends } from '../store/ends.ts';
import type { Database } from './database.ts';

/** Keeps the outbox of ends in SQLite. */
export function sqliteEnds(database: Database): Ends {
  const claim = database.prepare(`
    update ends set due = ?2, attempts = attempts + 1
    where (stream, version) in (select stream, version from ends where due <= ?1 order by due, stream limit ?3)
    returning stream, version, attempts`);
  const remove = database.prepare('delete from ends where stream = ? and version = ?');
  const postpone = database.prepare('update ends set due = ? where stream = ? and version = ?');
  const purge = database.prepare('delete from ends where at < ?');

  return {
    async claim(at, until, limit) {
      return database.transaction(() => claim.all(at, until, limit).map((row) => endRow.parse(row)));
    },
    async remove({ session, version }) {
      remove.run(session, version);
    },
    async postpone({ session, version }, due) {
      postpone.run(due, session, version);
    },
    async purge(before) {
      purge.run(before);
    },
  };
}
