import type { Database } from '../sqlite/database.ts';
import { databaseOf, type ObjectStorage } from './database.ts';
import { checkStorage, migrate, schemaOf } from './migrate.ts';

/** Ends a transaction that has written nothing; never leaves this file. */
class NothingWritten extends Error {}

/**
 * The storage of an object that has tables only once something is written to them: whoever guesses a name reaches an
 * object, too, and leaves nothing there. Until then, what is read is read from tables that are undone at once.
 *
 * @throws `UnusableDatabase` when a newer version has written it
 */
export function lazyDatabaseOf(storage: ObjectStorage): Database {
  const database = databaseOf(storage);
  const total = database.prepare('select total_changes() as n');
  const changes = () => Number(total.get()?.['n']);
  checkStorage(storage);
  let hasTables = schemaOf(storage) > 0;
  if (hasTables) migrate(storage);

  function makingTables<Result>(work: () => Result): Result {
    const results: Result[] = [];
    try {
      database.transaction(() => {
        migrate(storage);
        hasTables = true;
        const before = changes();
        results.push(work());
        if (changes() === before) throw new NothingWritten();
      });
    } catch (error) {
      hasTables = false;
      if (!(error instanceof NothingWritten)) throw error;
    }
    for (const result of results) return result;
    throw new Error('what ran has a result');
  }

  const within = <Result>(work: () => Result): Result => (hasTables ? work() : makingTables(work));
  const transaction = <Result>(work: () => Result): Result => within(() => database.transaction(work));

  return {
    isShared: false,
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        get: (...values) => within(() => statement.get(...values)),
        all: (...values) => within(() => statement.all(...values)),
        run: (...values) => within(() => statement.run(...values)),
      };
    },
    transaction,
    transactionInGroup: async (work) => transaction(work),
  };
}
