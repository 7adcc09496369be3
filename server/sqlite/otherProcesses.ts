import { seconds, type Duration } from '../../machines/index.ts';
import type { Database } from './database.ts';

/** How soon another process's commit is heard of, in ms. */
const lookEvery: Duration = seconds(0.5);

/**
 * Calls back when another process, such as a command of the operator, has written to the database. Keeps no process
 * alive.
 *
 * @returns how to stop
 * @see https://sqlite.org/pragma.html#pragma_data_version
 */
export function watchOtherProcesses(database: Database, call: () => void): () => void {
  const version = database.prepare('pragma data_version');
  const read = () => version.get()?.['data_version'];
  let known = read();
  const timer = setInterval(() => {
    let now: ReturnType<typeof read>;
    try {
      now = read();
    } catch {
      // A database that cannot be read tells its own readers so.
      return;
    }
    if (now === known) return;
    known = now;
    call();
  }, lookEvery);
  timer.unref();
  return () => clearInterval(timer);
}
