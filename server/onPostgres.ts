import { assemble, type CurfewOptions } from './assemble.ts';
import type { Dependencies } from './routes/dependencies.ts';
import { clockTrouble } from './postgres/clock.ts';
import type { PostgresDatabase, Query } from './postgres/connection.ts';
import { postgresDraftStore } from './postgres/drafts.ts';
import { postgresEventLog } from './postgres/eventLog.ts';
import { postgresAttempts } from './postgres/attempts.ts';
import { postgresSecurityLog } from './postgres/securityLog.ts';
import { postgresAuditReader } from './postgres/auditReader.ts';
import { postgresUsers } from './postgres/users.ts';
import { postgresVault } from './postgres/vault.ts';
import { tryToWrite } from './postgres/writeProbe.ts';

/** What the parts on PostgreSQL are made from. */
export interface PostgresOptions extends CurfewOptions {
  readonly database: PostgresDatabase;
  /**
   * Deletes what the application keeps of a user in this database; default nothing. It is called inside the transaction
   * that deletes the user, so that all of it is deleted or nothing: when it rejects, the user stays as they were and the
   * request is answered 500. It must write through `query`, which is that transaction, and wait for what it writes. It is
   * called again when the transaction has to be tried again.
   */
  readonly deleteUserData?: (user: string, query: Query) => void | Promise<void>;
}

/**
 * All parts on one PostgreSQL database, for one of several nodes. All nodes need the same secret.
 *
 * @throws when a stored key opens with none of the secrets: better not to start than to lose people's work.
 */
export const postgresParts = ({ database, deleteUserData, ...options }: PostgresOptions): Promise<Dependencies> =>
  assemble(
    {
      log: postgresEventLog(database),
      users: postgresUsers(database),
      failures: postgresAttempts(database),
      securityLog: (names) => postgresSecurityLog(database, names),
      vault: (secrets) => postgresVault(database, secrets),
      drafts: postgresDraftStore(database),
      trail: postgresAuditReader(database),
      ...(deleteUserData && { eraseUserData: (user: string) => () => deleteUserData(user, database.query) }),
      async whyNotReady() {
        await tryToWrite(database);
        return clockTrouble(database, options.clock);
      },
    },
    options,
  );
