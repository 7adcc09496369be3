import type { EventLog } from '../../../server/store/eventLog.ts';
import { createListeners } from '../../../server/store/listeners.ts';
import { memoryAppend } from './append.ts';
import { openMemory } from './connection.ts';
import { memoryPurge } from './purge.ts';
import { memoryQueries } from './queries.ts';

/** Keeps sessions in memory, for tests and for trying things out. They are lost when the process ends. */
export function memoryEventLog(): EventLog {
  const database = openMemory();
  const listeners = createListeners();
  return {
    ...memoryAppend(database, listeners),
    ...memoryQueries(database),
    ...memoryPurge(database),
    subscribe: listeners.add,
  };
}
