import type { EventLogPurge } from '../store/eventLog.ts';
import { recordRow } from '../store/rows.ts';
import type { PostgresDatabase } from './connection.ts';
import { byId } from './lockOrder.ts';

// One statement erases a session and leaves its record, if it has ended and is still at the version that was read.
const purge = `
  with gone as (
    delete from sessions where id = $1 and version = $2 and ended_at is not null returning id
  ), silenced as (
    delete from events where stream in (select id from gone)
  ), forgotten as (
    delete from devices where stream in (select id from gone)
  ), unreferenced as (
    delete from session_references where stream in (select id from gone)
  )
  insert into purged (stream, record) select id, $3 from gone`;

/** Erases sessions from PostgreSQL, or only their personal data. */
export function postgresPurge(database: PostgresDatabase): EventLogPurge {
  return {
    eraseDevicesWrite: (user) => async () => {
      await database.query('delete from devices where stream in (select id from sessions where user_id = $1)', [user]);
    },

    purge: (purges) =>
      database.transaction(async (query) => {
        const purged: string[] = [];
        for (const { id, version, record } of purges.toSorted(byId))
          if ((await query(purge, [id, version, record])).count > 0) purged.push(id);
        return purges.map(({ id }) => id).filter((id) => purged.includes(id));
      }),

    async purged(id) {
      const { rows } = await database.query('select record from purged where stream = $1', [id]);
      return rows[0] ? recordRow.parse(rows[0]).record : null;
    },
  };
}
