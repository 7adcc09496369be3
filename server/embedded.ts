import { sqliteFailures } from './accounts/failures.ts';
import { sqliteSecurityLog } from './accounts/securityLog.ts';
import { sqliteUsers } from './accounts/users.ts';
import { sqliteVault } from './accounts/vault.ts';
import { assemble, type PartsOptions } from './assemble.ts';
import { sqliteTrail } from './audit/sqliteTrail.ts';
import { sqliteDraftStore } from './drafts/store.ts';
import { sqliteEventLog } from './log/sqlite.ts';
import type { Parts } from './parts.ts';
import type { Database } from './sqlite/database.ts';
import { writeProbe } from './sqlite/probe.ts';

/** What the embedded parts are made from. */
export interface EmbeddedOptions extends PartsOptions {
  readonly database: Database;
  /**
   * Deletes what the application keeps of a user in this database; default nothing. It is called inside the transaction
   * that deletes the user, so that all of it is deleted or nothing: when it throws, the user stays as they were and the
   * request is answered 500. It must write through `database`, and at once: a promise is refused as if it had thrown.
   */
  readonly deleteUserData?: (user: string, database: Database) => void;
}

/**
 * All parts on one SQLite file.
 *
 * @throws when a stored key opens with none of the secrets: better not to start than to lose people's work.
 */
export function embeddedParts({ database, deleteUserData, ...options }: EmbeddedOptions): Promise<Parts> {
  const tryToWrite = writeProbe(database);
  return assemble(
    {
      log: sqliteEventLog(database),
      users: sqliteUsers(database),
      failures: sqliteFailures(database),
      securityLog: (names) => sqliteSecurityLog(database, names),
      vault: (secrets) => sqliteVault(database, secrets),
      drafts: sqliteDraftStore(database),
      trail: sqliteTrail(database),
      ...(deleteUserData && { erasing: (user: string) => () => deleteUserData(user, database) }),
      async whyNotReady() {
        tryToWrite();
        return null;
      },
    },
    options,
  );
}
