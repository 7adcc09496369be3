import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from '../../../../server/sqlite/connection.ts';

// Writes a letter of 64 kB after the other for ever, and says how many as soon as each is on the disk.
const [path = ''] = process.argv.slice(2);
const database = openDatabase(path);
database.prepare('create table if not exists letters (body text)').run();
const write = database.prepare('insert into letters values (?)');
for (let count = 1; ; count++) {
  write.run('x'.repeat(64 * 1024));
  process.stdout.write(`${count}\n`);
  await nextTurn();
}
