import { AsyncLocalStorage } from 'node:async_hooks';
import { databaseOf, type ObjectStorage } from '../../../../server/workers/database.ts';
import { migrate } from '../../../../server/workers/migrate.ts';
import type { Database } from '../../../../server/sqlite/database.ts';

/** What a test uses besides of the storage of its object. */
export interface EmptiedStorage extends ObjectStorage {
  deleteAll(): Promise<void>;
}

const present = new AsyncLocalStorage<EmptiedStorage>();

/** Runs a test on the storage of an object of its own. */
export const withStorage = <Result>(storage: EmptiedStorage, run: () => Result): Result => present.run(storage, run);

/** @returns the storage of the object that runs the test, as it is: empty at first. */
export function presentStorage(): EmptiedStorage {
  const storage = present.getStore();
  if (!storage) throw new Error('a test runs in an object');
  return storage;
}

/** @returns the database of the object that runs the test, empty and of the present schema. */
export async function freshDatabase(): Promise<Database> {
  const storage = presentStorage();
  await storage.deleteAll();
  migrate(storage);
  return databaseOf(storage);
}
