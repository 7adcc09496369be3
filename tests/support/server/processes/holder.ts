import { DatabaseSync } from 'node:sqlite';

// Holds a database's lock until its input ends. `exclusive` keeps readers out as well.
const [path = '', mode = ''] = process.argv.slice(2);
const database = new DatabaseSync(path);
if (mode === 'exclusive') database.exec('pragma locking_mode = exclusive');
database.exec('begin immediate; create table held (x); insert into held values (1)');
console.log('held');
process.stdin.on('end', () => {
  database.exec('rollback');
  database.close();
});
process.stdin.resume();
