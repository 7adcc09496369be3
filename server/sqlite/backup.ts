import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnusableDatabase } from '../store/unavailable.ts';
import { openToRead } from './connection.ts';
import { openFile } from './driver.ts';
import { sayThatItIsWhole } from './mainFile.ts';
import { unusable } from './unusable.ts';

/** More pages than any database has: all of them are copied as they are at one moment, and writers need not wait. */
const allPages = 2 ** 31 - 1;

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Looks into a copy, and lets it stand alone: nothing of it is in another file. */
function finish(path: string): void {
  const copy = openFile(path, {});
  try {
    copy.exec('pragma journal_mode = delete');
    sayThatItIsWhole(copy);
    const found = copy.prepare('pragma integrity_check(1)').get()?.['integrity_check'];
    if (found !== 'ok') throw new UnusableDatabase(`the copy ${path} is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
}

/**
 * Copies a database as it is at one moment, also while a server writes to it. The copy is there whole or not at all: it
 * is made under another name, checked, and on the disk before it gets its own.
 *
 * @returns its size in bytes; rejects with `UnusableDatabase` and one line, also when there is such a file already
 * @see https://sqlite.org/backup.html
 */
export async function backupDatabase(from: string, to: string): Promise<number> {
  if (existsSync(to)) throw new UnusableDatabase(`there is a file ${to} already; nothing was changed`);
  // It says in one line why a database cannot be read.
  openToRead(from).close();
  const draft = `${to}.part`;
  rmSync(draft, { force: true });
  const source = openFile(from, { readOnly: true, timeout: 5_000 });
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const { backup } = process.getBuiltinModule('node:sqlite');
    await backup(source, draft, { rate: allPages });
    finish(draft);
    sync(draft);
    linkSync(draft, to);
    sync(dirname(to));
    return statSync(to).size;
  } catch (error) {
    throw unusable(to, error);
  } finally {
    source.close();
    rmSync(draft, { force: true });
  }
}
