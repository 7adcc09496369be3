import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../store/unavailable.ts';
import { change, earliestOf, loadCurrent, logEntries, type CommandDependencies } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';
import { reportFailure } from './reportFailure.ts';

const batch = 1_000;
/** How many are stepped at once: they share a commit, and other work of the process waits for so many at most. */
export const settledAtOnce = 40;

type Subset = CommandDependencies & Pick<SessionDependencies, 'stopping' | 'overview'>;

/** Steps some sessions in one append. @returns whether it did: another request may have been faster. */
async function settleTogether(parts: Subset, ids: readonly string[]): Promise<boolean> {
  const loaded = await Promise.all(ids.map((id) => parts.log.load(id)));
  const changes = loaded.flatMap((stored) => {
    if (stored === null) return [];
    const now = Math.max(parts.clock(), earliestOf(stored));
    return change(stored, [], now).change ?? [];
  });
  if (changes.length > 0 && (await parts.log.append(changes)) !== 'appended') return false;
  for (const { id, state, entries } of changes) logEntries(parts, id, state.context.user, entries);
  return true;
}

/** @returns which could not be stepped. */
async function settleEach(parts: Subset, ids: readonly string[]): Promise<readonly string[]> {
  const settled = await Promise.allSettled(ids.map((id) => loadCurrent(parts, id)));
  return ids.filter((session, index) => {
    const outcome = settled[index];
    if (outcome?.status !== 'rejected') return false;
    const error: unknown = outcome.reason;
    if (error instanceof StoreUnavailable) throw error;
    reportFailure(parts, error, { session });
    return true;
  });
}

/** @returns which could not be stepped: where they cannot be stepped together, each is tried by itself. */
async function settleGroup(parts: Subset, ids: readonly string[]): Promise<readonly string[]> {
  try {
    if (await settleTogether(parts, ids)) return [];
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
  }
  return settleEach(parts, ids);
}

async function settleAll(parts: Subset, find: (limit: number) => Promise<readonly string[]>): Promise<number> {
  const failed = new Set<string>();
  let settled = 0;
  for (;;) {
    const limit = batch + failed.size;
    const found = await find(limit);
    const due = found.filter((each) => !failed.has(each));
    for (let from = 0; from < due.length; from += settledAtOnce) {
      if (parts.stopping?.aborted) return settled;
      const group = due.slice(from, from + settledAtOnce);
      const left = await settleGroup(parts, group);
      for (const id of left) failed.add(id);
      settled += group.length - left.length;
      await nextTurn();
    }
    if (found.length < limit) return settled;
  }
}

/**
 * Steps every session whose deadline has come, a few at a time, and lets the event loop turn between them. A session that
 * cannot be stepped gets a line in the log and does not keep the others waiting.
 *
 * @returns how many sessions were stepped.
 * @throws StoreUnavailable when the store does not answer
 */
export const settleDue = (parts: Subset): Promise<number> =>
  settleAll(parts, (limit) => parts.overview.due(parts.clock(), limit));

/**
 * Writes the end of every session that ended together with all others to its log, as `settleDue` does.
 *
 * @returns how many sessions it was written for.
 * @throws StoreUnavailable when the store does not answer
 */
export const settleRevoked = (parts: Subset): Promise<number> =>
  settleAll(parts, (limit) => parts.overview.revoked(limit));
