import { nextDeadline, phaseOf } from '../../machines/index.ts';
import type { Change, LogEntry } from './eventLog.ts';

/**
 * The last entry of a change, whose hash the next one chains to; `null` when the change only states a version.
 *
 * @throws when the entries do not lead from the expected version to the state's: that is a bug of the caller.
 */
export function lastOf({ id, expected, entries, state }: Change): LogEntry | null {
  const gap = entries.findIndex((entry, index) => entry.version !== expected + index + 1);
  const last = entries.at(-1);
  if (gap !== -1 || (last !== undefined && last.version !== state.context.version))
    throw new Error(`the entries for ${id} do not lead from version ${expected} to ${state.context.version}`);
  return last ?? null;
}

/** What a session is found by when its time has come, `null` when it has no deadline any more. */
export function dueOf({ state }: Pick<Change, 'state'>): number | null {
  const deadline = nextDeadline(state);
  return deadline === Infinity ? null : deadline;
}

/** The entry with which a change ends its session, `null` when it does not. */
export const endOf = ({ entries }: Pick<Change, 'entries'>): LogEntry | null =>
  entries.find(({ from, to }) => phaseOf(to) === 'ended' && (from === null || phaseOf(from) !== 'ended')) ?? null;

/** Whether a change leaves its session able to go on: live, or lapsed and to be resumed. */
export const isAlive = ({ state }: Pick<Change, 'state'>): boolean => state.context.endedAt === null;
