// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
import type { StoreAdapter } from '../store/adapter.ts';
import { openDatabase, type Database } from './connection.ts';
import { sqliteStores } from './stores.ts';
import { writeProbe } from './writeProbe.ts';

export { openDatabase, type Database } from './connection.ts';
export { type Statement } from './database.ts';

/** What can be added to a SQLite database. */
export interface SqliteOptions {
  /**
   * Deletes what the application keeps of a user in this database; default nothing. It is called inside the transaction
   * that deletes the user, so that all of it is deleted or nothing: when it throws, the user stays as they were and the
   * request is answered 500. It must write through `database`, and at once: a promise is refused as if it had thrown.
   */
  readonly deleteUserData?: (user: string, database: Database) => void;
}

/**
 * Keeps everything in one SQLite file, for one process.
 *
 * @param database the path of the file, which is made with its folder when it is missing; or what `openDatabase` has
 *   returned, which then stays open until the application closes it
 * @throws TypeError when it is neither
 */
export function sqlite(database: string | Database, { deleteUserData }: SqliteOptions = {}): StoreAdapter {
  const isPath = typeof database === 'string';
  if (isPath ? database === '' : typeof database?.prepare !== 'function')
    throw new TypeError('sqlite(…) takes the path of a file, or a database that openDatabase has opened');
  const path = isPath ? database : database.path;
  return {
    ...(path !== ':memory:' && { place: { kind: 'sqlite', path } }),
    async open() {
      const opened = isPath ? openDatabase(database) : database;
      const tryToWrite = writeProbe(opened);
      return {
        ...sqliteStores(opened),
        watchCommits: (listener) => opened.watchGroups(listener),
        ...(deleteUserData && { eraseUserData: (user: string) => () => deleteUserData(user, opened) }),
        async whyNotReady() {
          tryToWrite();
          return null;
        },
        async close() {
          if (isPath) opened.close();
        },
      };
    },
  };
}
