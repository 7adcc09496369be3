import type { EventLog } from '../store/eventLog.ts';
import { createListeners } from '../store/listeners.ts';
import { sqliteAppend } from './append.ts';
import type { Database } from './connection.ts';
import { sqlitePurge } from './purge.ts';
import { sqliteQueries } from './queries.ts';

/**
 * Keeps sessions in SQLite: one row for the present state of each session, one for each entry of its log. What it
 * acknowledges is on the disk.
 */
export function sqliteEventLog(database: Database): EventLog {
  const listeners = createListeners();
  return {
    ...sqliteAppend(database, listeners),
    ...sqliteQueries(database),
    ...sqlitePurge(database),
    subscribe: listeners.add,
  };
}
