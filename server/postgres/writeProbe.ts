import type { PostgresDatabase } from './connection.ts';

/**
 * Tries whether the database takes a write: of no row, and refused all the same where nothing may be written.
 *
 * @throws `StoreUnavailable`
 */
export async function tryToWrite({ query }: Pick<PostgresDatabase, 'query'>): Promise<void> {
  await query('delete from sessions where false');
}
