import { phaseOf } from '../../machines/index.ts';
import type { EventLog, LogEntry, Stored } from '../store/eventLog.ts';

/** The end of a session is among its last entries: at most ten of its use come after it. */
const lastEntries = 11;

const forgets = ({ type, data }: LogEntry): boolean =>
  (type === 'user.signedOut' && data['forgetDevice'] === true) ||
  (type === 'session.revoked' && data['reason'] === 'deleted');

/**
 * Whether a session has ended with the wish that nothing be kept. Whoever writes for it asks afterwards: what was judged
 * before the end and written after the erasure would otherwise stay.
 *
 * @returns the session as it ended, or `null` when there is nothing to take back.
 */
export async function draftsDeletedSince(log: Pick<EventLog, 'load' | 'read'>, id: string): Promise<Stored | null> {
  const stored = await log.load(id);
  if (!stored || phaseOf(stored.state.leaf) !== 'ended') return null;
  const last = await log.read(id, Math.max(0, stored.state.context.version - lastEntries), lastEntries);
  return last.some(forgets) ? stored : null;
}
