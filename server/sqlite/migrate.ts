import type { DatabaseSync } from 'node:sqlite';
import type { Duration } from '../../machines/index.ts';
import { openFile } from './driver.ts';
import { troubleOf } from './failure.ts';
import { applicationId, migrations } from './schema.ts';
import { unexpected, unusable } from './unusable.ts';

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`pragma ${name}`).get()?.[name]);
}

/** Refuses a file that is not ours or that a newer version has written. */
function checkOrigin(database: DatabaseSync, path: string): void {
  const isEmpty = database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
  if (!isEmpty && pragma(database, 'application_id') !== applicationId)
    throw unexpected(path, 'belongs to another application');
  const version = pragma(database, 'user_version');
  if (version > migrations.length)
    throw unexpected(
      path,
      `was written by a newer version (schema ${version}, this version knows ${migrations.length})`,
    );
}

function bringUpToDate(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === migrations.length) return;
  database.exec('begin immediate');
  try {
    // Read again under the lock: another process may have been faster.
    for (const migration of migrations.slice(pragma(database, 'user_version'))) database.exec(migration);
    database.exec(`pragma application_id = ${applicationId}; pragma user_version = ${migrations.length}; commit`);
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

/** SQLite waits for other processes by itself, but not for one that is just doing the same to a new file. */
function writeAhead(database: DatabaseSync, busyTimeout: Duration): void {
  for (let tries = 1; ; tries++) {
    try {
      return database.exec('pragma journal_mode = wal');
    } catch (error) {
      if (troubleOf(error) !== 'locked' || tries > 3) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyTimeout / 10);
    }
  }
}

/** Opens a database and brings it to the present schema. @throws `UnusableDatabase` */
export function migrate(path: string, busyTimeout: Duration): DatabaseSync {
  const database = connect(path, busyTimeout);
  try {
    checkOrigin(database, path);
    writeAhead(database, busyTimeout);
    database.exec('pragma synchronous = full');
    bringUpToDate(database);
    return database;
  } catch (error) {
    database.close();
    throw unusable(path, error);
  }
}

/**
 * Opens a database to read it only, and leaves its schema.
 *
 * @throws `UnusableDatabase`, also when the schema is an older one.
 */
export function openWithoutMigrating(path: string, busyTimeout: Duration): DatabaseSync {
  const database = connect(path, busyTimeout, true);
  try {
    checkOrigin(database, path);
    const version = pragma(database, 'user_version');
    if (version < migrations.length)
      throw unexpected(
        path,
        `has schema ${version}, and only the server brings it to ${migrations.length}, which this version reads`,
      );
    return database;
  } catch (error) {
    database.close();
    throw unusable(path, error);
  }
}

function connect(path: string, timeout: Duration, readOnly = false): DatabaseSync {
  try {
    return openFile(path, { timeout, readOnly });
  } catch (error) {
    throw unusable(path, error);
  }
}
