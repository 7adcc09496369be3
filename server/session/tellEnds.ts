import { setTimeout as wait } from 'node:timers/promises';
import { reasonOf, seconds, type Duration, type Instant, type Reason } from '../../machines/index.ts';
import { endOf } from '../store/change.ts';
import type { End, Ends } from '../store/ends.ts';
import type { EventLog } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';
import { reportFailure } from './reportFailure.ts';

/** A session that has ended. `id` and `version` together name the end. */
export interface EndedSession {
  /** The id of the session. */
  readonly id: string;
  /** The user's id. */
  readonly user: string;
  /** Of the entry with which it ended. */
  readonly version: number;
  /** When it ended, in epoch ms. */
  readonly endedAt: Instant;
  /** By whom it was ended from elsewhere, and why in their words; left out when it ended otherwise. */
  readonly revoked?: { readonly by: string; readonly reason: string };
}

/** Is told of every session that ends. */
export type OnEnd = (session: EndedSession, reason: Reason) => void | Promise<void>;

/** How long one telling may take before the end is told again, by whatever process, in ms. */
const lease: Duration = seconds(60);
const shortestPause: Duration = seconds(1);
const longestPause: Duration = seconds(3_600);
const batch = 20;

/** How long to wait after as many attempts that failed. */
const pauseAfter = (attempts: number): Duration => Math.min(longestPause, shortestPause * 2 ** (attempts - 1));

/** Stops waiting when the lease is over: another process may be telling the same then. */
async function inTime(tell: () => Promise<void>): Promise<void> {
  const told = new AbortController();
  const late = wait(lease, undefined, { ref: false, signal: told.signal }).then(() => {
    throw new Error(`onEnd has taken longer than ${lease} ms`);
  });
  try {
    await Promise.race([tell(), late]);
  } finally {
    told.abort();
    late.catch(() => {});
  }
}

type Subset = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'stopping'> & { readonly ends: Ends };

/** @returns what is to be told, `null` when nothing is kept of the session any more. */
async function endedSession(log: EventLog, { session: id, version }: End): Promise<[EndedSession, Reason] | null> {
  const stored = await log.load(id);
  const [entry] = await log.read(id, version - 1, 1);
  if (!stored || !entry) return null;
  const { by, reason: words } = entry.data;
  const isRevoked = entry.type === 'session.revoked' && typeof by === 'string' && typeof words === 'string';
  const ended: EndedSession = {
    id,
    user: stored.state.context.user,
    version,
    endedAt: stored.state.context.endedAt ?? entry.at,
    ...(isRevoked && { revoked: { by, reason: words } }),
  };
  return [ended, reasonOf(stored.state) ?? 'expired'];
}

/** Tells of ends, one after another. */
export interface EndTeller {
  /** Tells of all that are due. Never rejects: what fails is a line in the log and is due again later. */
  readonly tell: () => Promise<void>;
  /** Resolves when nothing is being told. */
  readonly idle: () => Promise<void>;
}

/**
 * Tells an application of every session that ends: after the commit, at least once, and on one process, which has claimed
 * it for a minute. An end that it does not take is told again after 1 s, 2 s, 4 s and so on, at most an hour.
 */
export function createEndTeller(parts: Subset, onEnd: OnEnd): EndTeller {
  const { ends, log, clock, stopping } = parts;

  async function tellOne(end: End): Promise<void> {
    try {
      const told = await endedSession(log, end);
      if (told) await inTime(async () => onEnd(...told));
      await ends.remove(end);
    } catch (error) {
      reportFailure(parts, error, { session: end.session });
      await ends.postpone(end, clock() + pauseAfter(end.attempts));
    }
  }

  async function tellAll(): Promise<void> {
    for (;;) {
      const now = clock();
      const claimed = await ends.claim(now, now + lease, batch);
      for (const end of claimed) await tellOne(end);
      if (claimed.length === 0 || stopping?.aborted) return;
    }
  }

  let running: Promise<void> | null = null;
  let isAskedAgain = false;

  async function run(): Promise<void> {
    do {
      isAskedAgain = false;
      await tellAll().catch((error: unknown) => void reportFailure(parts, error));
    } while (isAskedAgain);
    running = null;
  }

  return {
    tell() {
      isAskedAgain = true;
      return (running ??= run());
    },
    idle: async () => running ?? undefined,
  };
}

/** A log that calls back after each commit with which a session has ended. */
export const tellingLog = (log: EventLog, ended: () => void): EventLog => ({
  ...log,
  async append(changes, ...rest) {
    const appended = await log.append(changes, ...rest);
    if (appended === 'appended' && changes.some((each) => endOf(each) !== null)) ended();
    return appended;
  },
});
