import type { EventLog, LogEntry, Stored } from '../store/eventLog.ts';

const pageSize = 100;

const forgets = ({ type, data }: LogEntry): boolean =>
  (type === 'user.signedOut' && data['forgetDevice'] === true) ||
  (type === 'session.revoked' && data['reason'] === 'deleted');

/**
 * Whether a session has ended with the wish that nothing be kept since it was loaded. Whoever writes for it asks
 * afterwards: what was judged before the end and written after the erasure would otherwise stay.
 *
 * @returns the session as it ended, or `null` when there is nothing to take back.
 */
export async function draftsDeletedSince(
  log: Pick<EventLog, 'load' | 'read'>,
  { id, state }: Pick<Stored, 'id' | 'state'>,
): Promise<Stored | null> {
  for (let { version } = state.context; ;) {
    const since = await log.read(id, version, pageSize);
    if (since.some(forgets)) return log.load(id);
    if (since.length < pageSize) return null;
    version += since.length;
  }
}
