import type { EventLog } from '../store/eventLog.ts';
import { sessionAnnouncements } from './announcements.ts';
import { postgresAppend } from './append.ts';
import type { PostgresDatabase } from './connection.ts';
import { postgresPurge } from './purge.ts';
import { postgresQueries } from './queries.ts';

/**
 * Keeps sessions in PostgreSQL: one row for the present state of each session, one for each entry of its log. Nothing is
 * cached, so that what one node commits holds on all of them at once.
 */
export function postgresEventLog(database: PostgresDatabase): EventLog {
  const announcements = sessionAnnouncements(database);
  return {
    ...postgresAppend(database, announcements),
    ...postgresQueries(database),
    ...postgresPurge(database),
    subscribe: announcements.subscribe,
  };
}
