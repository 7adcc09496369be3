import type { EventLogPurge, Purge } from '../store/eventLog.ts';
import { recordRow } from '../store/rows.ts';
import type { Database } from './database.ts';

function prepare(database: Database) {
  return {
    session: database.prepare('delete from sessions where id = ? and version = ? and ended_at is not null'),
    events: database.prepare('delete from events where stream = ?'),
    device: database.prepare('delete from devices where stream = ?'),
    record: database.prepare('insert into purged (stream, record) values (?, ?)'),
    purged: database.prepare('select record from purged where stream = ?'),
    references: database.prepare('delete from session_references where stream = ?'),
    devicesOf: database.prepare('delete from devices where stream in (select id from sessions where user = ?)'),
  };
}

/** Erases sessions from SQLite, or only their personal data. */
export function sqlitePurge(database: Database): EventLogPurge {
  const statements = prepare(database);

  /** @returns whether it was there as it was read. */
  function purge({ id, version, record }: Purge): boolean {
    if (statements.session.run(id, version) === 0) return false;
    statements.events.run(id);
    statements.device.run(id);
    statements.references.run(id);
    statements.record.run(id, record);
    return true;
  }

  return {
    eraseDevicesWrite: (user) => () => void statements.devicesOf.run(user),

    async purge(purges) {
      return database.transaction(() => purges.filter(purge).map(({ id }) => id));
    },

    async purged(id) {
      const row = statements.purged.get(id);
      return row ? recordRow.parse(row).record : null;
    },
  };
}
