import type { ClientBase } from 'pg';
import { StoreUnavailable } from '../store/unavailable.ts';

const cancelled = new WeakSet<ClientBase>();

/**
 * Remembers when the database stopped waiting for its synchronous standby: it says so in a warning only, and then
 * acknowledges the commit all the same. The text of the warning may be translated; the place it comes from is not.
 *
 * @see https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION
 */
export function watchReplication(client: ClientBase): void {
  client.on('notice', ({ routine }) => {
    if (routine === 'SyncRepWaitForLSN') cancelled.add(client);
  });
}

/**
 * To be called after each statement of a watched connection.
 *
 * @throws StoreUnavailable when what it acknowledged may be on one machine only
 */
export function checkReplicated(client: ClientBase): void {
  if (cancelled.delete(client))
    throw new StoreUnavailable('the database is unavailable: its standby has not confirmed what was written');
}
