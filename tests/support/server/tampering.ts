import { join } from 'node:path';
import type { EventLog } from '../../../server/store/eventLog.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { sqliteAuditReader } from '../../../server/sqlite/auditReader.ts';
import type { AuditReader } from '../../../server/store/auditReader.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { postgresAuditReader } from '../../../server/postgres/auditReader.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { administer, freshPostgres } from '../postgres/fresh.ts';
import { folder } from './folder.ts';
import { fill, tamper } from './keptAudit.ts';

/** A database with four sessions in it, and a way past everything that guards them. */
export interface Place {
  readonly log: EventLog;
  readonly auditReader: AuditReader;
  /** Does what somebody with a SQL prompt could do; the column of the user is called `user_id`. */
  readonly tamper: (...statements: readonly string[]) => Promise<void>;
  /** The columns of a table, each with its type. */
  readonly columns: (table: string) => Promise<readonly (readonly [name: string, type: string])[]>;
}

const asColumn = ({ name, type }: Readonly<Record<string, unknown>>) => [String(name), String(type)] as const;

async function onSqlite(): Promise<Place> {
  const path = join(folder(), 'curfew.db');
  const database = openDatabase(path);
  const place: Place = {
    log: sqliteEventLog(database),
    auditReader: sqliteAuditReader(database),
    tamper: async (...statements) => tamper(path, ...statements.map((each) => each.replaceAll('user_id', 'user'))),
    columns: async (table) =>
      database.prepare('select name, lower(type) as type from pragma_table_info(?)').all(table).map(asColumn),
  };
  await fill(place.log);
  return place;
}

async function onPostgres(): Promise<Place> {
  const database = await freshPostgres();
  const place: Place = {
    log: postgresEventLog(database),
    auditReader: postgresAuditReader(database),
    tamper: async (...statements) => void (await administer(statements.join(';\n'), database.address)),
    async columns(table) {
      const { rows } = await database.query(
        'select column_name as name, data_type as type from information_schema.columns where table_name = $1',
        [table],
      );
      return rows.map(asColumn);
    },
  };
  await fill(place.log);
  return place;
}

/** Everything that sessions are kept in; what is found in one is found in all. */
export const places: [string, () => Promise<Place>][] = [
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
];

/** The tables in which something can be edited that an audit is to find. */
export const tables = ['sessions', 'events', 'devices', 'purged'] as const;

/** Statements that note everything that is kept, and that put it back as it was. */
export const noted = tables.map((table) => `create table noted_${table} as select * from ${table}`);
export const putBack = tables.flatMap((table) => [
  `delete from ${table}`,
  `insert into ${table} select * from noted_${table}`,
  `drop table noted_${table}`,
]);
