import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { AppStore } from '../../../server/app/store/appStore.ts';
import { postgresAppStore } from '../../../server/app/store/postgres.ts';
import { sqliteAppStore } from '../../../server/app/store/sqlite.ts';
import { migrations as postgresMigrations } from '../../../server/postgres/schema.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { applicationId, migrations as sqliteMigrations } from '../../../server/sqlite/schema.ts';
import { UnusableDatabase } from '../../../server/store/unavailable.ts';
import { administer, emptyDatabase, opened } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import { said, start } from '../../support/server/processes/run.ts';

type Row = Record<string, unknown>;

/** A database that nobody has opened yet; what is called `user_id` here is `user` in SQLite. */
interface Place {
  /** How many versions the library's schema has had. */
  readonly versions: number;
  /** Leaves it as a program left it that had the application's tables in the library's schema, at one of its versions. */
  readonly leftAt: (version: number) => Promise<void>;
  readonly openLibrary: () => Promise<void>;
  readonly openApplication: () => Promise<AppStore>;
  readonly sql: (statement: string) => Promise<readonly Row[]>;
  readonly libraryVersion: () => Promise<unknown>;
  /** What cannot stay the same when a table is copied or made anew. */
  readonly identityOf: (table: string) => Promise<unknown>;
  /** The columns of a table with their types. */
  readonly columnsOf: (table: string) => Promise<readonly unknown[]>;
  /** Several processes, or nodes, that start at once. @returns what each said. */
  readonly openAtOnce: () => Promise<readonly string[]>;
}

const tables = ['conversations', 'messages', 'settings'];

const earlierInSqlite = `
  create table conversations (
    user text, id text, title text not null, created_at real not null, updated_at real not null,
    primary key (user, id)
  ) strict, without rowid;
  create table messages (
    user text, conversation text, number integer, id text not null, body text not null, created_at real not null,
    primary key (user, conversation, number),
    foreign key (user, conversation) references conversations (user, id) on delete cascade
  ) strict;
  create table settings (user text primary key, settings text not null) strict, without rowid;`;

const earlierInPostgres = `
  create table conversations (
    user_id text collate "C", id text collate "C", title text not null, created_at double precision not null,
    updated_at double precision not null, primary key (user_id, id)
  );
  create table messages (
    user_id text collate "C", conversation text collate "C", number integer, id text not null, body text not null,
    created_at double precision not null, primary key (user_id, conversation, number),
    foreign key (user_id, conversation) references conversations (user_id, id) on delete cascade
  );
  create table settings (user_id text collate "C" primary key, settings text not null);`;

const rows = [
  `insert into conversations values ('ada', 'c1', 'plans', 1, 2)`,
  `insert into messages values ('ada', 'c1', 1, 'm1', 'Hello', 2)`,
  `insert into settings values ('ada', '{"theme":"dark","density":"compact"}')`,
];

async function inSqlite(): Promise<Place> {
  const path = join(folder(), 'curfew.db');
  const withFile = <Result>(work: (file: DatabaseSync) => Result): Result => {
    const file = new DatabaseSync(path);
    try {
      return work(file);
    } finally {
      file.close();
    }
  };
  const sql = async (statement: string) =>
    withFile((file) => file.prepare(statement.replaceAll('user_id', 'user')).all());
  return {
    versions: sqliteMigrations.length,
    async leftAt(version) {
      withFile((file) => {
        file.exec([...sqliteMigrations.slice(0, version), earlierInSqlite, rows.join(';')].join(';'));
        file.exec(
          `pragma journal_mode = wal; pragma application_id = ${applicationId}; pragma user_version = ${version}`,
        );
      });
    },
    openLibrary: async () => openDatabase(path).close(),
    openApplication: async () => sqliteAppStore(openDatabase(path)),
    sql,
    libraryVersion: async () => (await sql('pragma user_version'))[0]?.['user_version'],
    identityOf: (table) => sql(`select rootpage from sqlite_schema where name = '${table}'`),
    columnsOf: (table) => sql(`select name, type, "notnull", pk from pragma_table_info('${table}') order by cid`),
    openAtOnce: async () =>
      (await Promise.all(Array.from({ length: 4 }, () => said(start('opener', [path]))))).map((lines) => lines.join()),
  };
}

async function inPostgres(): Promise<Place> {
  const address = await emptyDatabase();
  const sql = (statement: string) => administer(statement, address);
  return {
    versions: postgresMigrations.length,
    async leftAt(version) {
      await sql(`create table curfew_schema (version integer not null); insert into curfew_schema values (${version})`);
      await sql([...postgresMigrations.slice(0, version), earlierInPostgres, ...rows].join(';'));
    },
    openLibrary: async () => void (await opened(address)),
    openApplication: async () => postgresAppStore(await opened(address)),
    sql,
    libraryVersion: async () => (await sql('select version from curfew_schema'))[0]?.['version'],
    identityOf: (table) => sql(`select '${table}'::regclass::oid, pg_relation_filenode('${table}')`),
    columnsOf: (table) =>
      sql(`select attname, format_type(atttypid, atttypmod), attnotnull, attcollation from pg_attribute
        where attrelid = '${table}'::regclass and attnum > 0 order by attnum`),
    openAtOnce: async () =>
      (await Promise.allSettled(Array.from({ length: 6 }, async () => postgresAppStore(await opened(address))))).map(
        (result) => (result.status === 'fulfilled' ? 'opened' : String(result.reason)),
      ),
  };
}

const places: [string, () => Promise<Place>][] = [
  ['SQLite', inSqlite],
  ['PostgreSQL', inPostgres],
];

describe.each(places)('the application’s tables in %s', (_name, place) => {
  test('are none of the library’s: a new database has none of them', async () => {
    const { openLibrary, libraryVersion, versions, columnsOf, sql } = await place();
    await openLibrary();
    expect(await libraryVersion()).toBe(versions);
    for (const table of [...tables, 'app_schema'])
      await expect(sql(`select 1 from ${table}`), table).rejects.toThrow(/no such table|does not exist/);
    expect((await columnsOf('sessions')).length).toBeGreaterThan(0);
  });

  test('of every earlier version are taken over as they are, with their rows, and not copied', async () => {
    const { versions } = await place();
    for (let version = 1; version <= versions; version++) {
      const earlier = await place();
      await earlier.leftAt(version);
      const identities = () => Promise.all(tables.map((table) => earlier.identityOf(table)));
      const before = await identities();
      const store = await earlier.openApplication();
      expect(await earlier.libraryVersion()).toBe(versions);
      expect(await earlier.sql('select version from app_schema')).toEqual([{ version: 2 }]);
      expect(await identities()).toEqual(before);
      expect(await store.conversation('ada', 'c1')).toMatchObject({ title: 'plans', messages: [{ body: 'Hello' }] });
      expect(await store.settings('ada')).toMatchObject({ theme: 'dark' });
      expect(await earlier.openApplication()).toBeDefined();
    }
  });

  test('that are made anew are as the earlier ones, so that an earlier version can go on with them', async () => {
    const [earlier, anew] = [await place(), await place()];
    await earlier.leftAt(earlier.versions);
    await anew.openApplication();
    for (const table of tables) expect(await anew.columnsOf(table), table).toEqual(await earlier.columnsOf(table));
    expect(await anew.libraryVersion()).toBe(await earlier.libraryVersion());
    for (const row of rows) await anew.sql(row);
    await anew.sql('delete from conversations');
    expect(await anew.sql('select * from messages')).toEqual([]);
  });

  test('are made once by several that start at once', async () => {
    const { openAtOnce, sql } = await place();
    for (const line of await openAtOnce()) expect(line).toBe('opened');
    expect(await sql('select version from app_schema')).toEqual([{ version: 2 }]);
  });

  test('that a newer version has written are refused in one line and left as they are', async () => {
    const { openApplication, openLibrary, sql } = await place();
    await openApplication();
    await sql('update app_schema set version = 99');
    await expect(openApplication()).rejects.toEqual(
      new UnusableDatabase(
        'the tables of the application were written by a newer version (schema 99, this version knows 2)',
      ),
    );
    expect(await sql('select version from app_schema')).toEqual([{ version: 99 }]);
    await openLibrary();
  });
});
