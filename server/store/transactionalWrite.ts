import type { TransactionalWrite } from './eventLog.ts';

/**
 * Runs the writes of other stores that belong to the transaction of an append, in a store whose transaction cannot
 * wait.
 *
 * @throws when one of them returns a promise: it writes to another database, and would not be undone with this one.
 */
export function runSynchronousWrites(writes: readonly TransactionalWrite[]): void {
  for (const write of writes) {
    const written = write();
    if (!(written instanceof Promise)) continue;
    // Whatever becomes of it, the append has failed already.
    written.catch(() => {});
    throw new Error('a write in the transaction of an append must not return a promise here');
  }
}
