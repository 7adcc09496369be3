import type { TransactionalWrite } from './eventLog.ts';

/**
 * Makes the writes that go along with an append whose transaction cannot wait.
 *
 * @throws when one of them promises to write later: it belongs to another database, and would not be undone with this.
 */
export function runSynchronousWrites(along: readonly TransactionalWrite[]): void {
  for (const write of along) {
    const written = write();
    if (!(written instanceof Promise)) continue;
    // Whatever becomes of it, the append has failed already.
    written.catch(() => {});
    throw new Error('what goes along with an append must be written at once');
  }
}
