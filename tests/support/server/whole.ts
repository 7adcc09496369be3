import { DatabaseSync } from 'node:sqlite';
import { replay } from '../../../machines/index.ts';
import { verifyChain } from '../../../server/index.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';

/** What is wrong with a log of sessions in a SQLite file: nothing, when every chain verifies and replays to its state. */
export async function damageIn(path: string): Promise<{ sessions: number; events: number; damaged: string[] }> {
  const plain = new DatabaseSync(path, { readOnly: true });
  const ids = plain.prepare('select id from sessions union select stream from events').all();
  plain.close();
  const database = openDatabase(path);
  const log = sqliteEventLog(database);
  const damaged: string[] = [];
  let events = 0;
  for (const { id } of ids) {
    const stored = await log.load(String(id));
    const entries = await log.read(String(id), 0, 1_000_000);
    events += entries.length;
    const last = { version: stored?.state.context.version ?? 0, hash: stored?.hash ?? '' };
    const isWhole =
      stored !== null &&
      verifyChain(entries, { last }) === null &&
      JSON.stringify(replay(entries)) === JSON.stringify(stored.state);
    if (!isWhole) damaged.push(String(id));
  }
  database.close();
  return { sessions: ids.length, events, damaged };
}
