import type { DatabaseSync } from 'node:sqlite';
import type { Database as AnyDatabase } from './database.ts';
import { asFailure } from './failure.ts';
import { groupCommit } from './groupCommit.ts';
import { inspectFile, prepareFile } from './prepareFile.ts';
import { openWithoutMigrating, migrate } from './migrate.ts';
import { textCodecOf } from './textCodec.ts';
import { databaseFileOf, type DatabaseFile } from './databaseFile.ts';

/** An open database. */
export interface Database extends AnyDatabase {
  /** The path of its file. */
  readonly path: string;
  /** Tells how many transactions in a group have shared each commit. */
  watchGroups(listener: (transactions: number) => void): void;
  /** A transaction that writes what is there already: it finds out whether the file takes a write. */
  probe(work: () => void): void;
  close(): void;
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asFailure(error);
  }
}

function wrap(database: DatabaseSync, path: string, place: DatabaseFile): Database {
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const rollBack = () => {
    try {
      if (database.isTransaction) database.exec('rollback');
    } catch {
      // The failure that brought us here is the one worth telling; SQLite has rolled back by itself.
    }
  };

  function inTransaction<Result>(work: () => Result): Result {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  /** Writes to a file that is in its place before and after; what is part of a transaction waits for its end. */
  function kept<Result>(write: () => Result, changesNothing = false): Result {
    if (database.isTransaction) return write();
    place.check();
    if (!changesNothing) place.prepare();
    const result = write();
    place.check();
    place.settle();
    return result;
  }

  const transaction = <Result>(work: () => Result): Result => guarded(() => kept(() => inTransaction(work)));
  const savepoint = database.prepare('savepoint one');
  const release = database.prepare('release one');
  const rollBackToSavepoint = database.prepare('rollback to one');
  const group = groupCommit({
    transaction,
    isOpen: () => database.isTransaction,
    savepoint: () => void savepoint.run(),
    release: () => void release.run(),
    rollBackToSavepoint: () => void rollBackToSavepoint.run(),
  });

  const codec = textCodecOf(database);

  return {
    path,
    // What is in memory belongs to one process.
    isShared: path !== ':memory:',
    prepare(sql) {
      const statement = codec(database.prepare(sql));
      return {
        get: (...values) => guarded(() => statement.get(...values)),
        all: (...values) => guarded(() => statement.all(...values)),
        run: (...values) => guarded(() => kept(() => Number(statement.run(...values).changes))),
      };
    },
    transaction,
    transactionInGroup: group.enqueue,
    watchGroups: group.watch,
    probe: (work) => guarded(() => kept(() => inTransaction(work), true)),
    close() {
      group.flush();
      place.rest();
      database.close();
    },
  };
}

/** How long a statement waits for another process's lock, in ms. The event loop waits with it, so it is short. */
const busyTimeout = 1_000;

/**
 * Opens the database file, which is made with its folder when it is missing, and brings it to the present schema.
 * `:memory:` is for tests.
 *
 * @throws `UnusableDatabase` with one line that says what is wrong; a damaged or foreign file is left as it is.
 */
export function openDatabase(path: string): Database {
  if (path !== ':memory:') prepareFile(path);
  const database = migrate(path, busyTimeout);
  return wrap(database, path, databaseFileOf(database, path, busyTimeout));
}

/**
 * Opens a database file to read it only; it is not changed, not even by being closed.
 *
 * @throws `UnusableDatabase` with one line that says what is wrong, an older schema included.
 */
export function openToRead(path: string): Database {
  inspectFile(path);
  const database = openWithoutMigrating(path, busyTimeout);
  return wrap(database, path, databaseFileOf(database, path, busyTimeout, true));
}
