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
}

/**
 * All parts on one SQLite file.
 *
 * @throws when a stored key opens with none of the secrets: better not to start than to lose people's work.
 */
export function embeddedParts({ database, ...options }: EmbeddedOptions): Promise<Parts> {
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
      async whyNotReady() {
        tryToWrite();
        return null;
      },
    },
    options,
  );
}
