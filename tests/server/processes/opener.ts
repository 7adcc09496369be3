import { openDatabase } from '../../../server/sqlite/database.ts';

// Opens a database, as another user when one is given, and says how it went.
const [path = '', user] = process.argv.slice(2);
if (user !== undefined) process.setuid?.(Number(user));
try {
  openDatabase(path).close();
  console.log('opened');
} catch (error) {
  console.log(String(error));
}
