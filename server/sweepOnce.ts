import { setImmediate as nextTurn } from 'node:timers/promises';
import { days, hours } from '../machines/index.ts';
import type { Dependencies } from './routes/dependencies.ts';
import type { ClockWatch } from './clockWatch.ts';
import type { CommandDependencies } from './session/command.ts';
import { reportFailure } from './session/reportFailure.ts';
import { purgeEnded } from './session/retention.ts';
import { settleDue, settleRevoked } from './session/settleDue.ts';

const refusalsKept = days(90);
/** Where nobody is told of ends, those that another process may still tell of while an update is under way. */
const untoldKept = hours(1);

/** What a sweep needs. */
export type SweepDependencies = CommandDependencies &
  Pick<
    Dependencies,
    | 'overview'
    | 'drafts'
    | 'throttle'
    | 'securityLog'
    | 'references'
    | 'singleUse'
    | 'ends'
    | 'tellEnds'
    | 'attestations'
    | 'retention'
    | 'stopping'
  > & {
    /** Says whether the clock can be believed. Default it always can. */
    readonly clockWatch?: ClockWatch;
  };

/** Where not even a log line can be written, nothing more can be done. */
function report(parts: SweepDependencies, error: unknown): ReturnType<typeof reportFailure> {
  try {
    return reportFailure(parts, error);
  } catch {
    return 'unavailable';
  }
}

/**
 * Steps every session whose deadline has come, or that ended together with all others, so that the log is complete even
 * when no request comes. Safety never depends on it: every request settles the clock first. Several processes may sweep
 * at once. Then deletes expired drafts, counts of failed sign-ins that no longer matter, refusals older than 90 days, and
 * sessions that ended longer ago than `retention`; then does what else is given.
 *
 * While the clock cannot be believed it does nothing of this; and where the server was off for long, it deletes nothing
 * on the first day.
 *
 * It never rejects: what fails is written as a log line and tried again by the next sweep. When the store does not
 * answer, the rest of the sweep is left out.
 *
 * @param others what else is to be done, the last of all
 * @returns how many sessions were stepped.
 */
export async function sweepOnce(
  parts: SweepDependencies,
  others: readonly (() => Promise<unknown>)[] = [],
): Promise<number> {
  // A clock that is far ahead would end and delete everything.
  if (parts.clockWatch?.trouble()) return 0;
  let settled = 0;
  const purges: readonly (() => Promise<unknown>)[] = [
    () => parts.drafts.purge(parts.clock()),
    () => parts.throttle.purge(),
    () => parts.securityLog.purge(parts.clock() - refusalsKept),
    () => parts.references.purge(parts.clock()),
    () => parts.singleUse.purge(parts.clock()),
    () => purgeEnded(parts),
  ];
  const tasks: readonly (() => Promise<unknown>)[] = [
    async () => (settled = await settleDue(parts)),
    async () => (settled += await settleRevoked(parts)),
    () => parts.tellEnds?.() ?? parts.ends.purge(parts.clock() - untoldKept),
    ...((parts.clockWatch?.mayPurge() ?? true) ? purges : []),
    ...others,
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
