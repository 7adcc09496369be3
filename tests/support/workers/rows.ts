import { DatabaseSync } from 'node:sqlite';

/** What a statement finds in files of SQLite, in those of them that have its tables. */
export const rowsIn = (files: readonly string[], sql: string): Record<string, unknown>[] =>
  files.flatMap((path) => {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return database.prepare(sql).all();
    } catch {
      return [];
    } finally {
      database.close();
    }
  });
