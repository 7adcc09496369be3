import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Plugin } from 'vite';
import { bundle } from './bundle.ts';
import { rowsIn } from './rows.ts';
import { serve, type Running, type Served } from './workerd.ts';

export const secret = 'a secret of at least thirty-two bytes';
export const operatorKey = 'a key for operators of at least 32 bytes';

/** Puts the bundle of an application on Workers into a folder. */
export const bundleApplication = (folder: string, plugins: readonly Plugin[] = []): Promise<string> =>
  bundle('tests/support/workers/inside/application.ts', folder, { plugins });

/** Makes it in a folder of its own. */
export async function bundledApplication(): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-workerd-'));
  await bundleApplication(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts it on what it has kept in its folder. */
export const startApplication = (folder: string, options: object = {}, other: Partial<Served> = {}): Promise<Running> =>
  serve({
    folder,
    objects: { CURFEW_USERS: 'User', CURFEW_DIRECTORY: 'CurfewDirectory' },
    variables: { CURFEW_SECRET: secret, CURFEW_OPERATOR_KEY: operatorKey, OPTIONS: JSON.stringify(options) },
    ...other,
  });

const databasesOf = (folder: string, kind: string): readonly string[] =>
  globSync(join(folder, 'objects', kind, '*.sqlite'));

const rowsOf =
  (kind: string) =>
  (folder: string, sql: string): Record<string, unknown>[] =>
    rowsIn(databasesOf(folder, kind), sql);

const editing =
  (kind: string) =>
  (folder: string, sql: string): void => {
    for (const path of databasesOf(folder, kind)) {
      const database = new DatabaseSync(path);
      if (database.prepare(`select 1 from sqlite_master where name = 'curfew_schema'`).get()) database.exec(sql);
      database.close();
    }
  };

/** What a statement finds in the databases of all users that have the tables for it. Nobody waits for it. */
export const rowsOfUsers = rowsOf('User');
/** The same of what belongs to no one user. */
export const rowsOfDirectory = rowsOf('CurfewDirectory');

/** Changes the databases of all users that have the tables for it, while nobody has them open. */
export const editUsers = editing('User');
/** The same of what belongs to no one user. */
export const editDirectory = editing('CurfewDirectory');
