import type { OpenStore } from '../store/adapter.ts';
import { sqliteAttempts } from './attempts.ts';
import { sqliteAuditReader } from './auditReader.ts';
import { sqliteCopyRules } from './changes.ts';
import type { Database } from './database.ts';
import { sqliteDraftStore } from './drafts.ts';
import { sqliteEnds } from './ends.ts';
import { sqliteEventLog } from './eventLog.ts';
import { sqliteOverview } from './overview.ts';
import { sqlitePeople } from './people.ts';
import { sqliteReferences } from './references.ts';
import { sqliteSecurityLog } from './securityLog.ts';
import { sqliteSingleUse } from './singleUse.ts';
import { sqliteUsers } from './users.ts';
import { sqliteVault } from './vault.ts';

/** What is kept in a database, wherever that is. */
export type SqliteStores = Omit<OpenStore, 'whyNotReady' | 'close'>;

/** @returns every store on a database that has the present schema. */
export const sqliteStores = (database: Database): SqliteStores => ({
  log: sqliteEventLog(database),
  overview: sqliteOverview(database),
  users: sqliteUsers(database),
  attempts: sqliteAttempts(database),
  securityLog: (names) => sqliteSecurityLog(database, names),
  vault: (secrets) => sqliteVault(database, secrets),
  drafts: sqliteDraftStore(database),
  auditReader: sqliteAuditReader(database),
  references: sqliteReferences(database),
  singleUse: sqliteSingleUse(database),
  people: sqlitePeople(database),
  ends: sqliteEnds(database),
  copies: sqliteCopyRules(database),
});
