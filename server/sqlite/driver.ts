import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';

/**
 * Opens a file with Node's own SQLite, which is loaded now and not by an import: a Node that does not have it could not
 * even load the module that says so.
 */
export function openFile(path: string | URL, options: DatabaseSyncOptions): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  return new DatabaseSync(path, options);
}
