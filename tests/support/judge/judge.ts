import type { Kept, Operation } from './history.ts';

/** What must not have been seen, each case as a line. */
export interface Verdict {
  /** Uses that began after an acknowledged end, and were accepted by anyone. */
  readonly acceptedAfterEnd: readonly string[];
  /** Sessions that were seen alive after anybody had seen them ended. */
  readonly aliveAfterEnded: readonly string[];
  /** Moments at which a user surely had more live sessions than they may. */
  readonly overLimit: readonly string[];
  /** What was acknowledged and is not kept. */
  readonly lost: readonly string[];
  /** Sessions whose log is not whole. */
  readonly damaged: readonly string[];
}

/** What is known of one session. */
interface Known {
  readonly user: string;
  /** When its sign-in was answered. */
  entered: number;
  /** The last moment at which it was surely alive: the beginning of the last use that was accepted. */
  lastAlive: number;
  /** When its first end was acknowledged, and when it was first told to be over. */
  ended: number;
  seenEnded: number;
  version: number;
}

const told = ({ kind, session, node, begun, over }: Operation): string =>
  `${kind} of ${session} at server ${node}, ${begun} to ${over}`;

/** Collects what the answers say of each session. */
function knownFrom(history: readonly Operation[]): Map<string, Known> {
  const all = new Map<string, Known>();
  for (const { kind, user, session, told: answer, version, begun, over } of history) {
    const known = all.get(session) ?? {
      user,
      entered: Infinity,
      lastAlive: 0,
      ended: Infinity,
      seenEnded: Infinity,
      version: 0,
    };
    all.set(session, known);
    known.version = Math.max(known.version, version);
    if (kind === 'sign in' && answer === 'live') known.entered = over;
    else if (answer === 'live') known.lastAlive = Math.max(known.lastAlive, begun);
    else if (answer === 'done') known.ended = Math.min(known.ended, over);
    else if (answer === 'ended') known.seenEnded = Math.min(known.seenEnded, over);
  }
  return all;
}

/**
 * A session lives once, from its sign-in to its end: between the answer to the first and the last accepted use it was
 * alive, whatever the order in which the servers took things.
 */
function overLimit(all: ReadonlyMap<string, Known>, last: number, limit: number): string[] {
  const steps = new Map<string, number[]>();
  for (const { user, entered, lastAlive } of all.values()) {
    if (lastAlive <= entered) continue;
    const changes = steps.get(user) ?? Array.from({ length: last + 2 }, () => 0);
    steps.set(user, changes);
    changes[entered] = (changes[entered] ?? 0) + 1;
    changes[lastAlive + 1] = (changes[lastAlive + 1] ?? 0) - 1;
  }
  const found: string[] = [];
  for (const [user, changes] of steps) {
    let alive = 0;
    for (const [moment, change] of changes.entries()) {
      alive += change;
      if (change > 0 && alive > limit) found.push(`${user} had ${alive} live sessions at ${moment}`);
    }
  }
  return found;
}

type Logs = ReadonlyMap<string, Kept>;

function lost(all: ReadonlyMap<string, Known>, kept: Logs): string[] {
  const found: string[] = [];
  for (const [session, { version, entered, ended, seenEnded }] of all) {
    const log = kept.get(session);
    if (!log) {
      if (entered < Infinity) found.push(`${session} is not there`);
      continue;
    }
    if (log.entries < version) found.push(`${session} has ${log.entries} entries of ${version}`);
    if (Math.min(ended, seenEnded) < Infinity && !log.isEnded) found.push(`the end of ${session} is not there`);
  }
  return found;
}

/**
 * Judges what several clients were told by several servers, in time that grows with the history: no order is looked
 * for. What was not answered may have happened or not.
 *
 * @param kept what each server reads of each session when all is over
 * @param limit how many sessions a user may have at once
 */
export function judge(history: readonly Operation[], kept: readonly Logs[], limit: number): Verdict {
  const all = knownFrom(history);
  const last = history.reduce((latest, { over }) => Math.max(latest, over), 0);
  const alive = history.filter(({ kind, told: answer }) => answer === 'live' && kind !== 'sign in');
  const after = (moment: 'ended' | 'seenEnded') =>
    alive.filter(({ session, begun }) => begun > (all.get(session)?.[moment] ?? Infinity)).map(told);
  return {
    acceptedAfterEnd: after('ended'),
    aliveAfterEnded: after('seenEnded'),
    overLimit: overLimit(all, last, limit),
    lost: kept.flatMap((logs) => lost(all, logs)),
    damaged: kept.flatMap((logs) => [...logs].filter(([, { isWhole }]) => !isWhole).map(([session]) => session)),
  };
}
