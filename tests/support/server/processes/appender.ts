import { writeSync } from 'node:fs';
import { sqliteEventLog } from '../../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../../server/sqlite/connection.ts';
import { begun, decided, extended, storedAs, t0 } from '../../../../server/contract/history.ts';

// Appends for ever, and says of each append what it was as soon as it is acknowledged.
const [path = '', id = ''] = process.argv.slice(2);
const log = sqliteEventLog(openDatabase(path));
let change = begun(id);
for (let n = 1; (await log.append([change])) === 'appended'; n++) {
  writeSync(1, `${change.state.context.version} ${change.entries.at(-1)?.hash}\n`);
  change = decided(storedAs(change), [extended(t0 + n)]);
}
