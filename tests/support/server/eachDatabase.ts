import type { AppStore } from '../../../server/app/store/appStore.ts';
import { postgresAppStore } from '../../../server/app/store/postgres.ts';
import { sqliteAppStore } from '../../../server/app/store/sqlite.ts';
import type { Pseudonyms } from '../../../server/store/securityLog.ts';
import { type SecurityLog } from '../../../server/store/securityLog.ts';
import { sqliteSecurityLog } from '../../../server/sqlite/securityLog.ts';
import { type Users } from '../../../server/store/users.ts';
import { sqliteUsers } from '../../../server/sqlite/users.ts';
import { type Vault } from '../../../server/store/vault.ts';
import { sqliteVault } from '../../../server/sqlite/vault.ts';
import type { Secrets } from '../../../server/store/vault.ts';
import { type DraftStore } from '../../../server/store/drafts.ts';
import { sqliteDraftStore } from '../../../server/sqlite/drafts.ts';
import { postgresDraftStore } from '../../../server/postgres/drafts.ts';
import { postgresSecurityLog } from '../../../server/postgres/securityLog.ts';
import { postgresUsers } from '../../../server/postgres/users.ts';
import { postgresVault } from '../../../server/postgres/vault.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { freshPostgres } from '../postgres/fresh.ts';

/** An empty database, the stores on it, and a way past them. */
export interface Opened {
  readonly users: Users;
  readonly vault: (secrets: Secrets) => Vault;
  readonly securityLog: (names: Pseudonyms) => SecurityLog;
  readonly drafts: DraftStore;
  readonly appStore: AppStore;
  /** One statement, with `$1` and so on; a user's column is called `user_id` in it. */
  readonly sql: (statement: string, ...values: (string | number | Uint8Array)[]) => Promise<readonly Row[]>;
}

type Row = Record<string, unknown>;

async function sqlite(): Promise<Opened> {
  const database = openDatabase(':memory:');
  return {
    users: sqliteUsers(database),
    vault: (secrets) => sqliteVault(database, secrets),
    securityLog: (names) => sqliteSecurityLog(database, names),
    drafts: sqliteDraftStore(database),
    appStore: sqliteAppStore(database),
    sql: async (statement, ...values) =>
      database.prepare(statement.replaceAll('user_id', 'user').replaceAll(/\$(\d)/g, '?$1')).all(...values),
  };
}

async function postgres(): Promise<Opened> {
  const database = await freshPostgres();
  return {
    users: postgresUsers(database),
    vault: (secrets) => postgresVault(database, secrets),
    securityLog: (names) => postgresSecurityLog(database, names),
    drafts: postgresDraftStore(database),
    appStore: await postgresAppStore(database),
    sql: async (statement, ...values) => (await database.query(statement, values)).rows,
  };
}

/** Every database that stores are kept in; what holds on one holds on all. */
export const eachDatabase: [string, () => Promise<Opened>][] = [
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
];
