import { days } from '../machines/index.ts';
import { keepCheckpoint } from './audit/checkpoints.ts';
import { purgeEnded } from './audit/retention.ts';
import { current, type CommandParts } from './command.ts';
import type { Parts } from './parts.ts';

const batch = 100;
const refusalsKept = days(90);

/** Steps every session whose deadline has come. @returns how many there were. */
export async function settleDue(parts: CommandParts): Promise<number> {
  let settled = 0;
  for (;;) {
    const due = await parts.log.due(parts.clock(), batch);
    for (const id of due) await current(parts, id);
    settled += due.length;
    if (due.length < batch) return settled;
  }
}

/**
 * Steps every session whose deadline has come, so that the log is complete although nobody asked. Safety never depends
 * on it: whoever asks settles the clock first. Several may sweep at once. Clears away what has served its time: expired
 * drafts, quiet throttles, refusals of 90 days ago, and sessions that have been over for as long as they are kept. Then
 * makes a checkpoint when it is time for one.
 *
 * @returns how many sessions were due.
 */
export async function sweep(
  parts: CommandParts &
    Pick<Parts, 'drafts' | 'throttle' | 'securityLog' | 'attestations' | 'retention' | 'trail' | 'checkpoints'>,
): Promise<number> {
  const swept = await settleDue(parts);
  await parts.drafts.purge(parts.clock());
  await parts.throttle.purge();
  await parts.securityLog.purge(parts.clock() - refusalsKept);
  await purgeEnded(parts);
  await keepCheckpoint(parts);
  return swept;
}
