import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openFile } from './driver.ts';
import { whyNotOne } from './whyNotOne.ts';
import { broken, unexpected, unusable } from './unusable.ts';

const magic = 'SQLite format 3\0';

/** Up to this size every page is looked at when the file is opened, in bytes; it takes a fraction of a second. */
const cheapToCheck = 64 * 1024 * 1024;

/** Makes the file, readable by its owner only, unless it is there. @returns its size and first bytes. */
function touch(path: string): { size: number; head: string } {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a+', 0o600);
  try {
    const bytes = Buffer.alloc(magic.length);
    const read = readSync(file, bytes, 0, bytes.length, 0);
    return { size: fstatSync(file).size, head: bytes.toString('latin1', 0, read) };
  } finally {
    closeSync(file);
  }
}

/** Looks for damage through a connection that cannot write: even closing it must not touch a damaged file. */
function inspect(path: string, size: number): void {
  const wrong = whyNotOne(path);
  if (wrong !== null) throw unexpected(path, wrong);
  const database = openFile(path, { readOnly: true, timeout: 1_000 });
  try {
    database.prepare('select count(*) from sqlite_schema').get();
    const row = size > cheapToCheck ? undefined : database.prepare('pragma quick_check(1)').get();
    if (row && row['quick_check'] !== 'ok') throw broken(path);
  } finally {
    database.close();
  }
}

/**
 * Sees to it that there is a file that SQLite can work with.
 *
 * @throws `UnusableDatabase`; a file that was there before is left as it is.
 */
export function prepareFile(path: string): void {
  try {
    const { size, head } = touch(path);
    if (size === 0) return;
    if (head !== magic) throw broken(path);
    inspect(path, size);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Looks for damage in a file that is to stay as it is. @throws `UnusableDatabase` */
export function inspectFile(path: string): void {
  try {
    inspect(path, statSync(path).size);
  } catch (error) {
    throw unusable(path, error);
  }
}
