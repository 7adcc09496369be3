import type { EventLog, LogEntry, Stored } from '../store/eventLog.ts';

const pageSize = 100;

const forgets = ({ type, data }: LogEntry): boolean =>
  (type === 'user.signedOut' && data['forgetDevice'] === true) ||
  (type === 'session.revoked' && data['reason'] === 'deleted');

/**
 * Whether a session has ended with all drafts deleted since it was loaded. To be asked after each write of a draft:
 * what was accepted before the end and written after the deletion would otherwise stay.
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
