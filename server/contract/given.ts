import type { Change, EventLog, Stored } from '../store/eventLog.ts';
import { storedAs } from './history.ts';

/** Appends what has to be there before the test begins. */
export async function given(log: EventLog, change: Change): Promise<[Stored]>;
export async function given(log: EventLog, one: Change, two: Change): Promise<[Stored, Stored]>;
export async function given(log: EventLog, one: Change, two: Change, three: Change): Promise<[Stored, Stored, Stored]>;
export async function given(log: EventLog, ...changes: readonly Change[]): Promise<readonly Stored[]>;
export async function given(log: EventLog, ...changes: readonly Change[]): Promise<readonly Stored[]> {
  for (const change of changes)
    if ((await log.append([change])) !== 'appended') throw new Error(`${change.id} should be appended`);
  return changes.map(storedAs);
}

/** @returns a session that has to be there. */
export async function present(log: EventLog, id: string): Promise<Stored> {
  const stored = await log.load(id);
  if (!stored) throw new Error(`${id} should be there`);
  return stored;
}
