import { expect } from 'vitest';
import type { Change, EventLog, Stored } from '../../../server/store/eventLog.ts';
import { storedAs } from './history.ts';

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
