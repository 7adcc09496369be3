import type { Database } from './connection.ts';
import { applicationId } from './schema.ts';

/**
 * Tries whether the file takes a write: its own mark is written over itself, and reaches the disk. What is rolled back
 * would prove nothing, for it stays in memory.
 *
 * @throws `StoreUnavailable`
 */
export function writeProbe(database: Database): () => void {
  const mark = database.prepare(`pragma application_id = ${applicationId}`);
  return () => database.probe(() => void mark.run());
}
