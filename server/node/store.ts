import type { DatabasePlace, StoreAdapter } from '../store/adapter.ts';
import { openToRead } from '../sqlite/connection.ts';
import { sqliteAuditReader } from '../sqlite/auditReader.ts';
import { sqlite } from '../sqlite/index.ts';
import type { PostgresOptions } from '../postgres/index.ts';
import type { AuditReader } from '../store/auditReader.ts';

/** Which database is asked for. */
export type DatabaseChoice = Extract<DatabasePlace, { kind: 'sqlite' }> | PostgresChoice;

type PostgresChoice = Extract<DatabasePlace, { kind: 'postgres' }> & Pick<PostgresOptions, 'replication'>;

/** The store on a database. The driver of PostgreSQL is not even loaded unless it is asked for. */
export function storeOf(choice: DatabaseChoice): StoreAdapter {
  if (choice.kind === 'sqlite') return sqlite(choice.path);
  const { kind, address, ...options } = choice;
  return {
    place: { kind, address },
    async open(given) {
      const { postgres } = await import('../postgres/index.ts');
      return postgres(address, options).open(given);
    },
  };
}

/**
 * Opens what an audit looks at, as it is: nothing is made, migrated or merged.
 *
 * @throws `UnusableDatabase` with one line that says what is wrong.
 */
export async function openTrail(
  choice: DatabaseChoice,
): Promise<{ readonly auditReader: AuditReader; readonly close: () => Promise<void> }> {
  if (choice.kind === 'sqlite') {
    const database = openToRead(choice.path);
    return { auditReader: sqliteAuditReader(database), close: async () => database.close() };
  }
  const { connectPostgres } = await import('../postgres/connection.ts');
  const { postgresAuditReader } = await import('../postgres/auditReader.ts');
  const database = connectPostgres(choice.address);
  return { auditReader: postgresAuditReader(database), close: () => database.close() };
}
