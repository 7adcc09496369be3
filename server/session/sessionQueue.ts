import type { EventLog } from '../store/eventLog.ts';
import { createKeyedQueue, type KeyedQueue } from './keyedQueue.ts';

/**
 * How often a decision is made at most when other nodes write in between. Each time another change was written, so that
 * there is progress; within a node no decision is made twice, for writers wait for each other.
 */
export const maxAttempts = 100;

const byLog = new WeakMap<EventLog, KeyedQueue>();

/**
 * Runs changes of the same sessions or users one after another: fifty at once would otherwise decide on a state that
 * one of them has just changed, again and again, and a flood of requests could keep a user from ending their session.
 *
 * @param keys sessions by their id, users by {@link userKey}; always taken in one order, so that no two
 * wait for each other
 */
export function inQueue<Result>(log: EventLog, keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
  const queue = byLog.get(log) ?? createKeyedQueue();
  byLog.set(log, queue);
  const [only, ...others] = keys;
  if (only !== undefined && others.length === 0) return queue(only, work);
  const ordered = [...new Set(keys)].toSorted().toReversed();
  return ordered.reduce<() => Promise<Result>>((inner, key) => () => queue(key, inner), work)();
}

/**
 * The key of a user. It sorts before every session's id, because a change that holds a user goes on to take sessions.
 */
export const userKey = (user: string): string => `\0${user}`;
