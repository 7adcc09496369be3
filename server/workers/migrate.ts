import { migrations } from '../sqlite/schema.ts';
import { UnusableDatabase } from '../store/unavailable.ts';
import type { ObjectStorage } from './database.ts';

/** Where an object says which schema it has: its storage takes no `pragma user_version`. */
const table = 'curfew_schema';

/** @throws `UnusableDatabase` where the class of the object was migrated as one without SQLite */
export function checkStorage(storage: ObjectStorage): void {
  const noSqlite =
    'the objects keep no SQLite: list their classes under new_sqlite_classes in the migrations of wrangler.jsonc';
  try {
    storage.sql.exec('select 1');
  } catch (cause) {
    throw new UnusableDatabase(noSqlite, { cause });
  }
}

const isThere = ({ sql }: ObjectStorage): boolean =>
  sql.exec(`select 1 from sqlite_master where type = 'table' and name = ?`, table).toArray().length > 0;

/** @returns which schema the storage of an object has, 0 as long as nothing was ever kept in it; writes nothing. */
export const schemaOf = (storage: ObjectStorage): number =>
  isThere(storage) ? Number(storage.sql.exec(`select version from ${table}`).toArray()[0]?.['version']) : 0;

/**
 * Brings the storage of an object to the present schema, all of it or nothing.
 *
 * @throws `UnusableDatabase` when a newer version has written it; then nothing was changed.
 */
export function migrate(storage: ObjectStorage): void {
  checkStorage(storage);
  const version = schemaOf(storage);
  if (version > migrations.length)
    throw new UnusableDatabase(
      `the storage of an object was written by a newer version (schema ${version}, this version knows ${migrations.length}); nothing was changed`,
    );
  if (version === migrations.length) return;
  storage.transactionSync(() => {
    for (const migration of migrations.slice(version)) storage.sql.exec(migration);
    storage.sql.exec(`create table if not exists ${table} (version integer not null) strict`);
    storage.sql.exec(`delete from ${table}`);
    storage.sql.exec(`insert into ${table} (version) values (?)`, migrations.length);
  });
}
