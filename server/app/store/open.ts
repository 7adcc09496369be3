import type { StoreAdapter } from '../../store/adapter.ts';
import type { DatabaseChoice } from '../../node/store.ts';
import { openDatabase, sqlite } from '../../sqlite/index.ts';
import type { AppStore } from './appStore.ts';
import { sqliteAppStore } from './sqlite.ts';

/** A database that is open, with the tables of the application in it. */
export interface OpenDatabase {
  /** For Curfew. Deletes with a user what the application keeps of them. */
  readonly store: StoreAdapter;
  readonly appStore: AppStore;
  readonly close: () => Promise<void>;
}

async function openPostgres(address: string): Promise<OpenDatabase> {
  const { openPostgres: open, postgres } = await import('../../postgres/index.ts');
  const { postgresAppStore } = await import('./postgres.ts');
  const database = await open(address);
  const appStore = await postgresAppStore(database);
  const store = postgres(database, { deleteUserData: (user) => appStore.deleteUserData(user) });
  return { store, appStore, close: () => database.close() };
}

/**
 * Opens a database with the application's own tables in it. The driver of PostgreSQL is not even loaded unless it is
 * asked for.
 *
 * @returns rejects with `UnusableDatabase` when a newer version of Curfew or of the application has written it
 */
export async function openWithOwnTables(choice: DatabaseChoice): Promise<OpenDatabase> {
  if (choice.kind === 'postgres') return openPostgres(choice.address);
  const database = openDatabase(choice.path);
  const appStore = sqliteAppStore(database);
  const store = sqlite(database, { deleteUserData: (user) => void appStore.deleteUserData(user) });
  return { store, appStore, close: async () => database.close() };
}
