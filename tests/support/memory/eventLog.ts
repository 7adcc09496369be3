import type { OpenStore } from '../../../server/store/adapter.ts';
import { createListeners } from '../../../server/store/listeners.ts';
import { memoryAppend } from './append.ts';
import { openMemory } from './connection.ts';
import { memoryOverview } from './overview.ts';
import { memoryPurge } from './purge.ts';
import { memoryQueries } from './queries.ts';

/** What a store keeps of sessions. */
export type Sessions = Pick<OpenStore, 'log' | 'overview'>;

/** Keeps sessions in memory, for tests and for trying things out. They are lost when the process ends. */
export function memorySessions(): Sessions {
  const database = openMemory();
  const listeners = createListeners();
  return {
    log: {
      ...memoryAppend(database, listeners),
      ...memoryQueries(database),
      ...memoryPurge(database),
      subscribe: listeners.add,
    },
    overview: memoryOverview(database),
  };
}
