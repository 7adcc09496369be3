import { setTimeout as sleep } from 'node:timers/promises';
import type { Duration } from '../../machines/index.ts';

/** What groups are written with. */
export interface GroupWriter<Job, Result> {
  /** Of those with the same key no two are in one group. */
  readonly keyOf: (job: Job) => string;
  /**
   * Writes a group, and commits it.
   *
   * @returns what to tell of each; a promise where that takes longer than the group. Rejects with what is wrong with the
   *   database: then that is told of all.
   */
  readonly write: (jobs: readonly Job[]) => Promise<(job: Job) => Result | Promise<Result>>;
  /** Takes what ends when nothing is under way and nothing waits. */
  readonly waitFor: (task: Promise<void>) => void;
  /** Is told how many have shared each commit. */
  readonly committed: (jobs: number) => void;
  /** Resolves after some time, in ms, or when the signal is aborted. Default by a timer. */
  readonly wait?: (ms: Duration, signal: AbortSignal) => Promise<void>;
}

/** One thing to write. */
interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/** How many share a commit at most. */
const most = 200;

/** How long the next group waits for the one before, in ms: a connection that is broken must not hold up everything. */
const patience: Duration = 500;

const sleepUntil = (ms: Duration, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {});

/**
 * Has what is to be written go at once where nothing is under way; what comes meanwhile goes together, in one statement
 * and one commit, as soon as that is done.
 *
 * @returns what writes one: it resolves once that is committed, and rejects with what is wrong with the database.
 */
export function groupCommit<Job, Result>({
  keyOf,
  write,
  waitFor,
  committed,
  wait = sleepUntil,
}: GroupWriter<Job, Result>): (job: Job) => Promise<Result> {
  let waiting: Waiting<Job, Result>[] = [];
  let isBusy = false;

  /** Takes the first of each key out of those that wait. */
  function nextGroup(): readonly Waiting<Job, Result>[] {
    const group = new Map<string, Waiting<Job, Result>>();
    const rest: Waiting<Job, Result>[] = [];
    for (const each of waiting) {
      const key = keyOf(each.job);
      if (group.size < most && !group.has(key)) group.set(key, each);
      else rest.push(each);
    }
    waiting = rest;
    return [...group.values()];
  }

  async function send(group: readonly Waiting<Job, Result>[]): Promise<void> {
    try {
      const resultOf = await write(group.map(({ job }) => job));
      for (const { job, resolve } of group) resolve(resultOf(job));
      // Last: it is committed, whatever becomes of the counts.
      committed(group.length);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async function sendAll(): Promise<void> {
    isBusy = true;
    const late: Promise<void>[] = [];
    while (waiting.length > 0) {
      const done = new AbortController();
      const sent = send(nextGroup()).finally(() => done.abort());
      await Promise.race([sent, wait(patience, done.signal)]);
      if (!done.signal.aborted) late.push(sent);
    }
    isBusy = false;
    await Promise.all(late);
  }

  return (job) =>
    new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      if (!isBusy) waitFor(sendAll());
    });
}
