import type { EventLog } from '../store/eventLog.ts';
import { createQueue, type Queue } from './queue.ts';

/**
 * How often a decision is made again because another node was faster. Each time somebody else's change was written, so
 * that the whole gets on; within a node nobody loses, for writers take turns.
 */
export const attempts = 100;

const byLog = new WeakMap<EventLog, Queue>();

/**
 * Lets whoever changes the same through a log take turns: fifty at once would otherwise decide on what one of them has
 * just changed, again and again, and whoever floods a session could keep its owner from ending it.
 *
 * @param keys sessions by their id, users by {@link userKey}; taken in one order by everybody, so that nobody waits in a
 * circle
 */
export function inQueue<Result>(log: EventLog, keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
  const inTurn = byLog.get(log) ?? createQueue();
  byLog.set(log, inTurn);
  const ordered = [...new Set(keys)].toSorted().toReversed();
  return ordered.reduce<() => Promise<Result>>((inner, key) => () => inTurn(key, inner), work)();
}

/** Sorts before every session's id, for whoever holds a user's turn goes on to take those of sessions. */
export const userKey = (user: string): string => `\0${user}`;
