import type { OpenStores } from '../../node/openStores.ts';
import type { AppStore } from './appStore.ts';
import { sqliteAppStore } from './sqlite.ts';

/**
 * Opens the application's own tables in the database of the library.
 *
 * @returns rejects with `UnusableDatabase` when a newer version of the application has written them
 */
export async function openAppStore({ database }: Pick<OpenStores, 'database'>): Promise<AppStore> {
  if (database.kind === 'sqlite') return sqliteAppStore(database.open);
  const { postgresAppStore } = await import('./postgres.ts');
  return postgresAppStore(database.open);
}
