import { isRevoked, storedColumns } from '../sql/revocations.ts';
import type { Overview } from '../store/overview.ts';
import { idRow, storedRow } from '../store/rows.ts';
import type { Database } from './database.ts';
import { pageArguments, pageWhere } from './queries.ts';

function prepare(database: Database) {
  return {
    all: database.prepare(pageWhere('?1 is null')),
    ofUser: database.prepare(pageWhere('user = ?1')),
    revoked: database.prepare(`
      select id from sessions
      where ended_at is null and epoch < (select max(epoch) from revocations) and ${isRevoked('sessions')}
      order by id limit ?`),
    // The index gives them in their order; another order of those of one instant would sort all of them each time.
    due: database.prepare(`
      select id from sessions where due <= ? and not ${isRevoked('sessions')} order by due limit ?`),
    ended: database.prepare(`${storedColumns}
      where ended_at <= ?1 and (ended_at > ?2 or ended_at = ?2 and id > ?3) order by ended_at, id limit ?4`),
  };
}

/** Looks over all sessions in SQLite. */
export function sqliteOverview(database: Database): Overview {
  const statements = prepare(database);

  return {
    async search({ user, ...query }, limit) {
      return statements[user === undefined ? 'all' : 'ofUser']
        .all(user ?? null, ...pageArguments(query, limit))
        .map((row) => storedRow.parse(row));
    },

    async revoked(limit) {
      return statements.revoked.all(limit).map((row) => idRow.parse(row).id);
    },

    async due(at, limit) {
      return statements.due.all(at, limit).map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      return statements.ended.all(before, after.endedAt, after.id, limit).map((row) => storedRow.parse(row));
    },
  };
}
