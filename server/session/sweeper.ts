import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { days, type Duration } from '../../machines/index.ts';
import { keepCheckpoint } from '../audit/checkpoints.ts';
import { purgeEnded } from './retention.ts';
import { loadCurrent, type CommandDependencies } from './command.ts';
import { reportFailure } from '../http/failure.ts';
import type { Dependencies } from '../dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';

const batch = 100;
const refusalsKept = days(90);

/**
 * Steps every session whose deadline has come, and lets the event loop turn between two of them. A session that cannot
 * be stepped gets a line in the log and does not keep the others waiting.
 *
 * @returns how many sessions were stepped.
 * @throws StoreUnavailable when the store does not answer
 */
export async function settleDue(parts: CommandDependencies & Pick<Dependencies, 'stopping'>): Promise<number> {
  const failed = new Set<string>();
  let settled = 0;
  for (;;) {
    const limit = batch + failed.size;
    const due = await parts.log.due(parts.clock(), limit);
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

/** What a sweep needs. */
export type SweepParts = CommandDependencies &
  Pick<
    Dependencies,
    'drafts' | 'throttle' | 'securityLog' | 'attestations' | 'retention' | 'trail' | 'checkpoints' | 'stopping'
  >;

/** Where not even a log line can be written, nothing more can be done. */
function report(parts: SweepParts, error: unknown): ReturnType<typeof reportFailure> {
  try {
    return reportFailure(parts, error);
  } catch {
    return 'unavailable';
  }
}

/**
 * Steps every session whose deadline has come, so that the log is complete although nobody asked. Safety never depends
 * on it: every request settles the clock first. Several processes may sweep at once. Then deletes expired drafts, counts
 * of failed sign-ins that no longer matter, refusals older than 90 days, and sessions that ended longer ago than
 * `retention`; then makes a checkpoint when the next one is due.
 *
 * It never rejects: what fails is written as a log line and tried again by the next sweep. When the store does not
 * answer, the rest of the sweep is left out.
 *
 * @returns how many sessions were stepped.
 */
export async function sweep(parts: SweepParts): Promise<number> {
  let settled = 0;
  const tasks: readonly (() => Promise<unknown>)[] = [
    async () => (settled = await settleDue(parts)),
    () => parts.drafts.purge(parts.clock()),
    () => parts.throttle.purge(),
    () => parts.securityLog.purge(parts.clock() - refusalsKept),
    () => purgeEnded(parts),
    () => keepCheckpoint(parts),
  ];
  for (const task of tasks) {
    if (parts.stopping?.aborted) break;
    try {
      await task();
    } catch (error) {
      if (report(parts, error) === 'unavailable') break;
    }
    await nextTurn();
  }
  return settled;
}

/**
 * Sweeps now and then, and never twice at once: the pause is counted from the end of one sweep to the beginning of the
 * next. Keeps no process alive.
 *
 * @param pause in ms
 * @returns how to stop; a sweep that is running stops behind the session it is at, and only then it resolves.
 */
export function sweepRegularly(parts: SweepParts, pause: Duration): () => Promise<void> {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await wait(pause, undefined, { ref: false, signal: stopped.signal }).catch(() => {});
      if (!stopped.signal.aborted) await sweep({ ...parts, stopping: stopped.signal });
    }
  };
  const running = run();
  return async () => {
    stopped.abort();
    await running;
  };
}
