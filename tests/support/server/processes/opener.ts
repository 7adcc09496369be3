import { sqliteAppStore } from '../../../../server/app/store/sqlite.ts';
import { openDatabase } from '../../../../server/sqlite/connection.ts';

// Opens a database with the application's tables in it, as another user when one is given, and says how it went.
const [path = '', user] = process.argv.slice(2);
if (user !== undefined) process.setuid?.(Number(user));
try {
  const database = openDatabase(path);
  sqliteAppStore(database);
  database.close();
  console.log('opened');
} catch (error) {
  console.log(String(error));
}
