import { isRevoked, storedColumns } from '../sql/revocations.ts';
import type { Overview } from '../store/overview.ts';
import { idRow, storedRow } from '../store/rows.ts';
import type { PostgresDatabase } from './connection.ts';
import { pageOf } from './queries.ts';

/** Looks over all sessions in PostgreSQL. */
export function postgresOverview(database: Pick<PostgresDatabase, 'query'>): Overview {
  return {
    async search({ user, ...query }, limit) {
      return pageOf(database, user ?? null, query, limit);
    },

    async revoked(limit) {
      const { rows } = await database.query(
        `select id from sessions
         where ended_at is null and epoch < (select max(epoch) from revocations) and ${isRevoked('sessions')}
         order by id limit $1`,
        [limit],
      );
      return rows.map((row) => idRow.parse(row).id);
    },

    async due(at, limit) {
      const { rows } = await database.query(
        `select id from sessions where due <= $1 and not ${isRevoked('sessions')} order by due, id limit $2`,
        [at, limit],
      );
      return rows.map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      const { rows } = await database.query(
        `${storedColumns} where ended_at <= $1 and (ended_at > $2 or ended_at = $2 and id > $3) order by ended_at, id limit $4`,
        [before, after.endedAt, after.id, limit],
      );
      return rows.map((row) => storedRow.parse(row));
    },
  };
}
