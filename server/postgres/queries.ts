import type { EventLogQueries } from '../store/eventLog.ts';
import { accountRow, entryRow, idRow, storedRow } from '../store/rows.ts';
import type { PostgresDatabase } from './connection.ts';

const stored = `
  select id, leaf, context, hash, salt, user_agent, address from sessions left join devices on stream = id`;

/** Finds sessions in PostgreSQL. */
export function postgresQueries(database: Pick<PostgresDatabase, 'query'>): EventLogQueries {
  return {
    async load(id) {
      const { rows } = await database.query(`${stored} where id = $1`, [id]);
      return rows[0] ? storedRow.parse(rows[0]) : null;
    },

    async read(id, after, limit) {
      const { rows } = await database.query(
        `select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
         where stream = $1 and version > $2 order by version limit $3`,
        [id, after, limit],
      );
      return rows.map((row) => entryRow.parse(row));
    },

    async sessionsOf(user, endedSince) {
      const ended = endedSince === undefined ? 'ended_at is null' : '(ended_at is null or ended_at >= $2)';
      const { rows } = await database.query(
        `${stored} where user_id = $1 and ${ended} order by started_at desc, id`,
        endedSince === undefined ? [user] : [user, endedSince],
      );
      return rows.map((row) => storedRow.parse(row));
    },

    async search({ user, leaves, after }, limit) {
      const { rows } = await database.query(
        `${stored}
         where ($1::text is null or user_id = $1) and ($2::text[] is null or leaf = any($2))
           and ($3::double precision is null or started_at < $3 or (started_at = $3 and id > $4))
         order by started_at desc, id limit $5`,
        [user ?? null, leaves ?? null, after?.startedAt ?? null, after?.id ?? null, limit],
      );
      return rows.map((row) => storedRow.parse(row));
    },

    async account(user) {
      const { rows } = await database.query('select auth_epoch, admissions from accounts where user_id = $1', [user]);
      return rows[0] ? accountRow.parse(rows[0]) : { authEpoch: 0, admissions: 0 };
    },

    async due(at, limit) {
      const { rows } = await database.query('select id from sessions where due <= $1 order by due, id limit $2', [
        at,
        limit,
      ]);
      return rows.map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      const { rows } = await database.query(
        `${stored} where ended_at <= $1 and (ended_at > $2 or ended_at = $2 and id > $3) order by ended_at, id limit $4`,
        [before, after.endedAt, after.id, limit],
      );
      return rows.map((row) => storedRow.parse(row));
    },
  };
}
