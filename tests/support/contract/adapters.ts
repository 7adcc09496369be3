import { memorySessions, type Sessions } from '../memory/eventLog.ts';
import { pseudonyms } from '../../../server/keys/pseudonyms.ts';
import { postgresAuditReader } from '../../../server/postgres/auditReader.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { postgres } from '../../../server/postgres/index.ts';
import type { PostgresDatabase } from '../../../server/postgres/connection.ts';
import { postgresOverview } from '../../../server/postgres/overview.ts';
import { postgresSecurityLog } from '../../../server/postgres/securityLog.ts';
import { sqliteAuditReader } from '../../../server/sqlite/auditReader.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { sqliteSecurityLog } from '../../../server/sqlite/securityLog.ts';
import type { OpenStore } from '../../../server/store/adapter.ts';
import type { AuditReader } from '../../../server/store/auditReader.ts';
import type { EventLog } from '../../../server/store/eventLog.ts';
import type { SecurityLog } from '../../../server/store/securityLog.ts';
import { freshPostgres } from '../postgres/fresh.ts';
import { t0 } from '../../../server/contract/history.ts';

const postgresSessions = (database: PostgresDatabase): Sessions => ({
  log: postgresEventLog(database),
  overview: postgresOverview(database),
});

/** What keeps sessions and nothing else, or in another way; each passes all of that part of the suite. */
export const adapters: [string, () => Promise<Sessions>][] = [
  ['memory', async () => memorySessions()],
  ['PostgreSQL, repeatable read', async () => postgresSessions(await freshPostgres('repeatable read'))],
  ['PostgreSQL, serializable', async () => postgresSessions(await freshPostgres('serializable'))],
];

/** Every store, with all of its ports. */
export const stores: [string, () => Promise<OpenStore>][] = [
  ['SQLite', () => sqlite(':memory:').open({ clock: () => t0 })],
  ['PostgreSQL', async () => postgres(await freshPostgres()).open({ clock: () => t0 })],
];

/** What an audit reads, what it is written with, and a way to lose a whole table. */
export interface Audited {
  readonly log: EventLog;
  readonly auditReader: AuditReader;
  readonly security: SecurityLog;
  readonly lose: (table: string) => Promise<void>;
}

const names = pseudonyms('a secret of at least thirty-two bytes');

function auditedSqlite(): Audited {
  const database = openDatabase(':memory:');
  return {
    log: sqliteEventLog(database),
    auditReader: sqliteAuditReader(database),
    security: sqliteSecurityLog(database, names),
    lose: async (table) => void database.prepare(`delete from ${table}`).run(),
  };
}

async function auditedPostgres(): Promise<Audited> {
  const database = await freshPostgres();
  return {
    log: postgresEventLog(database),
    auditReader: postgresAuditReader(database),
    security: postgresSecurityLog(database, names),
    lose: async (table) => void (await database.query(`delete from ${table}`)),
  };
}

/** Every store that an audit reads. */
export const audited: [string, () => Promise<Audited>][] = [
  ['SQLite', async () => auditedSqlite()],
  ['PostgreSQL', auditedPostgres],
];
