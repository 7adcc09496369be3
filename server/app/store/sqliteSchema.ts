import type { Database } from '../../sqlite/database.ts';
import { checkVersion, versionRow } from './version.ts';

/**
 * What brings the application's tables from one version (of `app_schema`, the index) to the next, as single statements.
 * Written migrations are for ever: a change is a new one. The first one takes over the tables as they are where an
 * earlier version, in which they were part of the library's schema, has made them.
 */
const migrations: readonly (readonly string[])[] = [
  [
    `create table if not exists conversations (
      user text, id text, title text not null, created_at real not null, updated_at real not null,
      primary key (user, id)
    ) strict, without rowid`,
    `create table if not exists messages (
      user text, conversation text, number integer, id text not null, body text not null, created_at real not null,
      primary key (user, conversation, number),
      foreign key (user, conversation) references conversations (user, id) on delete cascade
    ) strict`,
    'create table if not exists settings (user text primary key, settings text not null) strict, without rowid',
  ],
  [
    `create table identities (
      issuer text, subject text, user text not null, created_at real not null, primary key (issuer, subject)
    ) strict, without rowid`,
    'create index identities_of_user on identities (user)',
    `create table passkeys (
      id text primary key, user text not null, name text not null, public_key text not null, counter real not null,
      transports text not null, is_bound integer not null, created_at real not null, last_used_at real
    ) strict, without rowid`,
    'create index passkeys_of_user on passkeys (user)',
    'create table ceremonies (key text primary key, data text not null, expires_at real not null) strict, without rowid',
    'create index ceremonies_due on ceremonies (expires_at)',
  ],
];

const hasVersion = `select 1 from sqlite_schema where type = 'table' and name = 'app_schema'`;

/** @returns 0 where the application has not kept anything yet, or only as part of the library's schema. */
function versionOf(database: Database): number {
  if (!database.prepare(hasVersion).get()) return 0;
  return versionRow.parse(database.prepare('select version from app_schema').get()).version;
}

/**
 * Makes the application's tables, or brings them to the present version. Several processes may do so at once.
 *
 * @throws UnusableDatabase when a newer version has written them; then nothing was changed
 */
export function migrateSqlite(database: Database): void {
  const version = versionOf(database);
  checkVersion(version, migrations.length);
  if (version === migrations.length) return;
  database.transaction(() => {
    // Read again under the lock: another process may have been faster.
    const begun = versionOf(database);
    checkVersion(begun, migrations.length);
    for (const statement of migrations.slice(begun).flat()) database.prepare(statement).run();
    database.prepare('create table if not exists app_schema (version integer not null) strict').run();
    database.prepare('delete from app_schema').run();
    database.prepare('insert into app_schema values (?)').run(migrations.length);
  });
}
