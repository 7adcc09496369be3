import { expect } from 'vitest';
import type { Change, EventLog, Stored } from '../../../server/store/eventLog.ts';
import { memoryEventLog } from '../memory/eventLog.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { freshPostgres } from '../postgres/fresh.ts';
import { storedAs } from './history.ts';

/** Every adapter of the port; each passes all of the suite. */
export const adapters: [string, () => Promise<EventLog>][] = [
  ['memory', async () => memoryEventLog()],
  ['SQLite', async () => sqliteEventLog(openDatabase(':memory:'))],
  ['PostgreSQL', async () => postgresEventLog(await freshPostgres())],
  ['PostgreSQL, repeatable read', async () => postgresEventLog(await freshPostgres('repeatable read'))],
  ['PostgreSQL, serializable', async () => postgresEventLog(await freshPostgres('serializable'))],
];

/** Appends what has to be there before the test begins. */
export async function given<const Changes extends readonly Change[]>(log: EventLog, ...changes: Changes) {
  for (const change of changes) expect(await log.append([change])).toBe('appended');
  return changes.map(storedAs) as { [Index in keyof Changes]: Stored };
}

export async function present(log: EventLog, id: string) {
  const stored = await log.load(id);
  if (!stored) throw new Error(`${id} should be there`);
  return stored;
}
