import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Users } from '../store/users.ts';
import { sqliteUsers } from '../sqlite/users.ts';
import type { CurfewOptions } from '../assemble.ts';
import { sqliteAuditReader } from '../sqlite/auditReader.ts';
import type { AuditReader } from '../store/auditReader.ts';
import { embeddedParts } from '../embedded.ts';
import type { EventLog } from '../store/eventLog.ts';
import { sqliteEventLog } from '../sqlite/eventLog.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import type { PostgresDatabase } from '../postgres/connection.ts';
import { openDatabase, openToRead, type Database } from '../sqlite/connection.ts';

/** Which database is asked for. */
export type DatabaseChoice =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly address: string };

/** What an application deletes of a user in this database, as part of the transaction that deletes the user. */
interface DeletionOptions {
  readonly deleteUserData?: (user: string) => void | Promise<void>;
}

/** A database that is open, and what can be made on it. */
export interface OpenStores {
  readonly parts: (options: CurfewOptions & DeletionOptions) => Promise<Dependencies>;
  /** For tables of the application's own. */
  readonly database:
    | { readonly kind: 'sqlite'; readonly open: Database }
    | { readonly kind: 'postgres'; readonly open: PostgresDatabase };
  readonly users: Users;
  readonly log: EventLog;
  readonly close: () => Promise<void>;
}

function openSqlite(path: string): OpenStores {
  mkdirSync(dirname(path), { recursive: true });
  const database = openDatabase(path);
  return {
    parts: (options) => embeddedParts({ ...options, database }),
    database: { kind: 'sqlite', open: database },
    users: sqliteUsers(database),
    log: sqliteEventLog(database),
    close: async () => database.close(),
  };
}

/** The driver is not even loaded unless it is asked for. */
async function openPostgres(address: string): Promise<OpenStores> {
  const { openPostgres: open } = await import('../postgres/connection.ts');
  const { postgresEventLog } = await import('../postgres/eventLog.ts');
  const { postgresUsers } = await import('../postgres/users.ts');
  const { postgresParts } = await import('../onPostgres.ts');
  const database = await open(address);
  return {
    parts: (options) => postgresParts({ ...options, database }),
    database: { kind: 'postgres', open: database },
    users: postgresUsers(database),
    log: postgresEventLog(database),
    close: () => database.close(),
  };
}

/**
 * Opens a database and brings it to the present schema.
 *
 * @throws `UnusableDatabase` with one line that says what is wrong.
 */
export const openStores = async (choice: DatabaseChoice): Promise<OpenStores> =>
  choice.kind === 'sqlite' ? openSqlite(choice.path) : openPostgres(choice.address);

/**
 * Opens what an audit looks at, as it is: nothing is made, migrated or merged.
 *
 * @throws `UnusableDatabase` with one line that says what is wrong.
 */
export async function openTrail(
  choice: DatabaseChoice,
): Promise<{ readonly trail: AuditReader; readonly close: () => Promise<void> }> {
  if (choice.kind === 'sqlite') {
    const database = openToRead(choice.path);
    return { trail: sqliteAuditReader(database), close: async () => database.close() };
  }
  const { connectPostgres } = await import('../postgres/connection.ts');
  const { postgresAuditReader } = await import('../postgres/auditReader.ts');
  const database = connectPostgres(choice.address);
  return { trail: postgresAuditReader(database), close: () => database.close() };
}
