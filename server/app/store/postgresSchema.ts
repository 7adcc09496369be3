import { z } from 'zod';
import type { PostgresDatabase, Query } from '../../postgres/connection.ts';
import { checkVersion, versionRow } from './version.ts';

/**
 * What brings the application's tables from one version (of `app_schema`, the index) to the next, as single statements.
 * Written migrations are for ever: a change is a new one. The first one takes over the tables as they are where an
 * earlier version, in which they were part of the library's schema, has made them.
 */
const migrations: readonly (readonly string[])[] = [
  [
    `create table if not exists conversations (
      user_id text collate "C", id text collate "C", title text not null, created_at double precision not null,
      updated_at double precision not null, primary key (user_id, id)
    )`,
    `create table if not exists messages (
      user_id text collate "C", conversation text collate "C", number integer, id text not null, body text not null,
      created_at double precision not null, primary key (user_id, conversation, number),
      foreign key (user_id, conversation) references conversations (user_id, id) on delete cascade
    )`,
    'create table if not exists settings (user_id text collate "C" primary key, settings text not null)',
  ],
  [
    `create table identities (
      issuer text collate "C", subject text collate "C", user_id text collate "C" not null,
      created_at double precision not null, primary key (issuer, subject)
    )`,
    'create index identities_of_user on identities (user_id)',
    `create table passkeys (
      id text collate "C" primary key, user_id text collate "C" not null, name text not null, public_key text not null,
      counter double precision not null, transports text not null, is_bound boolean not null,
      created_at double precision not null, last_used_at double precision
    )`,
    'create index passkeys_of_user on passkeys (user_id)',
    `create table ceremonies (
      key text collate "C" primary key, data text not null, expires_at double precision not null
    )`,
    'create index ceremonies_due on ceremonies (expires_at)',
  ],
];

/** Nodes that start at once take turns by this number. */
const turn = 0x43524657_01;

const knownRow = z.object({ known: z.boolean() });

/**
 * Looks into the catalogue itself: `to_regclass` remembers of a connection that there was no such table.
 *
 * @returns 0 where the application has not kept anything yet, or only as part of the library's schema.
 */
async function versionOf(query: Query): Promise<number> {
  const { rows: tables } = await query(
    `select exists (select from pg_class where relname = 'app_schema' and pg_table_is_visible(oid)) as known`,
  );
  if (!knownRow.parse(tables[0]).known) return 0;
  return versionRow.parse((await query('select version from app_schema')).rows[0]).version;
}

/**
 * Makes the application's tables, or brings them to the present version. Several nodes may do so at once.
 *
 * @returns rejects with `UnusableDatabase` when a newer version has written them; then nothing was changed
 */
export async function migratePostgres(database: PostgresDatabase): Promise<void> {
  const version = await versionOf(database.query);
  checkVersion(version, migrations.length);
  if (version === migrations.length) return;
  await database.transaction(async (query) => {
    await query('select pg_advisory_xact_lock($1)', [turn]);
    // Read again when it is our turn: another node may have been faster.
    const begun = await versionOf(query);
    checkVersion(begun, migrations.length);
    for (const statement of migrations.slice(begun).flat()) await query(statement);
    await query('create table if not exists app_schema (version integer not null)');
    await query('delete from app_schema');
    await query('insert into app_schema values ($1)', [migrations.length]);
  });
}
