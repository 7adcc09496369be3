import { sqliteAttempts } from './sqlite/attempts.ts';
import { sqliteSecurityLog } from './sqlite/securityLog.ts';
import { sqliteUsers } from './sqlite/users.ts';
import { sqliteVault } from './sqlite/vault.ts';
import { assemble, type CurfewOptions } from './assemble.ts';
import { sqliteAuditReader } from './sqlite/auditReader.ts';
import { sqliteDraftStore } from './sqlite/drafts.ts';
import { sqliteEventLog } from './sqlite/eventLog.ts';
import type { Dependencies } from './routes/dependencies.ts';
import type { Database } from './sqlite/connection.ts';
import { writeProbe } from './sqlite/writeProbe.ts';

/** What the embedded parts are made from. */
export interface EmbeddedOptions extends CurfewOptions {
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
export function embeddedParts({ database, deleteUserData, ...options }: EmbeddedOptions): Promise<Dependencies> {
  const tryToWrite = writeProbe(database);
  return assemble(
    {
      log: sqliteEventLog(database),
      users: sqliteUsers(database),
      failures: sqliteAttempts(database),
      securityLog: (names) => sqliteSecurityLog(database, names),
      vault: (secrets) => sqliteVault(database, secrets),
      drafts: sqliteDraftStore(database),
      trail: sqliteAuditReader(database),
      ...(deleteUserData && { eraseUserData: (user: string) => () => deleteUserData(user, database) }),
      async whyNotReady() {
        tryToWrite();
        return null;
      },
    },
    options,
  );
}
