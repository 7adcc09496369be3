import type { EventLog } from '../store/eventLog.ts';
import { sqliteAppend } from './append.ts';
import { changesOf } from './changes.ts';
import type { Database } from './database.ts';
import { watchOtherProcesses } from './otherProcesses.ts';
import { sqlitePurge } from './purge.ts';
import { sqliteQueries } from './queries.ts';

/**
 * Keeps sessions in SQLite: one row for the present state of each session, one for each entry of its log. What it
 * acknowledges is on the disk.
 */
export function sqliteEventLog(database: Database): EventLog {
  const { sessions: listeners } = changesOf(database);
  const subscriptions = new Set<() => void>();
  let stopWatching: (() => void) | null = null;
  const watch = () => (database.isShared ? watchOtherProcesses(database, listeners.notifyAll) : () => {});
  return {
    ...sqliteAppend(database, listeners),
    ...sqliteQueries(database),
    ...sqlitePurge(database),
    subscribe(listener, missed) {
      const stop = listeners.add(listener, missed);
      subscriptions.add(stop);
      stopWatching ??= watch();
      return () => {
        stop();
        subscriptions.delete(stop);
        if (subscriptions.size > 0) return;
        stopWatching?.();
        stopWatching = null;
      };
    },
  };
}
