import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../store/unavailable.ts';
import { loadCurrent, type CommandDependencies } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';
import { reportFailure } from './reportFailure.ts';

const batch = 100;

type Subset = CommandDependencies & Pick<SessionDependencies, 'stopping'>;

async function settleAll(parts: Subset, find: (limit: number) => Promise<readonly string[]>): Promise<number> {
  const failed = new Set<string>();
  let settled = 0;
  for (;;) {
    const limit = batch + failed.size;
    const due = await find(limit);
    for (const id of due.filter((each) => !failed.has(each))) {
      if (parts.stopping?.aborted) return settled;
      try {
        await loadCurrent(parts, id);
        settled += 1;
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        failed.add(id);
        reportFailure(parts, error, { session: id });
      }
      await nextTurn();
    }
    if (due.length < limit) return settled;
  }
}

/**
 * Steps every session whose deadline has come, and lets the event loop turn between two of them. A session that cannot
 * be stepped gets a line in the log and does not keep the others waiting.
 *
 * @returns how many sessions were stepped.
 * @throws StoreUnavailable when the store does not answer
 */
export const settleDue = (parts: Subset): Promise<number> =>
  settleAll(parts, (limit) => parts.log.due(parts.clock(), limit));

/**
 * Writes the end of every session that ended together with all others to its log, as `settleDue` does.
 *
 * @returns how many sessions it was written for.
 * @throws StoreUnavailable when the store does not answer
 */
export const settleRevoked = (parts: Subset): Promise<number> => settleAll(parts, (limit) => parts.log.revoked(limit));
