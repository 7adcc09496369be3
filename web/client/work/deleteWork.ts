import { seconds } from '../../../machines/index.ts';
import type { WorkContext } from './workContext.ts';

const deleteWithin = seconds(2);

/**
 * Deletes what this device keeps of the user whose session it is; a user who has signed in since keeps everything.
 * Waits 2 s at most.
 *
 * @param clear takes everything out of memory
 */
export async function deleteWork(
  { owner, persistedSession, openRecords, timer }: WorkContext,
  session: string | undefined,
  clear: () => void,
): Promise<void> {
  const shared = persistedSession.shared();
  const home = owner?.home ?? shared?.home;
  const records = owner?.records ?? (home ? openRecords(home) : null);
  const next = shared?.session === session ? null : shared;
  clear();
  persistedSession.setOwn(null);
  // What the server does not know yet has to outlive this tab.
  if (!next && !shared?.leaving) persistedSession.setShared(null);
  if (next?.home === home) return;
  // Where another tab hangs, the browser goes on deleting by itself.
  await Promise.race([records?.delete(), new Promise<void>((resolve) => void timer(resolve, deleteWithin))]);
}
