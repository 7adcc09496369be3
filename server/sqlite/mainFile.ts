import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import { openFile } from './driver.ts';
import { troubleOf } from './failure.ts';

/**
 * A file of SQLite does not know that it is only half of a database: beside it stands the write-ahead log, with what was
 * written last, and a copy without it opens as if nothing were missing. So the file says it itself. While the database is
 * open, `is_whole` is 0 in the main file and 1 in the log, and what reads through SQLite, as backups do, sees 1. When
 * the last connection closes, SQLite moves the log into the main file, and the 1 with it.
 *
 * It is no migration: it is about the file, and not about what is kept in it.
 *
 * @see https://sqlite.org/wal.html, https://sqlite.org/howtocorrupt.html §1.4
 */
const table = 'create table if not exists main_file (id integer primary key check (id = 1), is_whole integer) strict';

/** How large a write-ahead log may grow before it is moved into the main file, in bytes. */
const largestLog = 4 * 1024 * 1024;

/** The size of a file in bytes, `null` when there is none. */
export const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

/** Keeps the main file of an open database in order. */
export interface MainFile {
  /** To be called before each transaction. Before the first one, the main file is made to say that it is not whole. */
  readonly prepare: () => void;
  /** To be called after each transaction: moves the log into the main file when it has grown too large. */
  readonly settle: () => void;
  /** Moves the log now. */
  readonly move: () => void;
}

/** Nothing is written before the first transaction: a start that is refused leaves the file as it was. */
export function mainFileOf(database: DatabaseSync, path: string): MainFile {
  database.exec('pragma wal_autocheckpoint = 0');
  const checkpoint = database.prepare('pragma wal_checkpoint(truncate)');
  let isPrepared = false;
  let next = largestLog;

  const say = (isWhole: 0 | 1) =>
    database.prepare('insert or replace into main_file (id, is_whole) values (1, ?)').run(isWhole);

  function move(): void {
    database.exec(table);
    say(0);
    try {
      checkpoint.get();
    } finally {
      say(1);
    }
    isPrepared = true;
    // A reader may have been in the way: it is tried again when there is a good deal more.
    next = (sizeOf(`${path}-wal`) ?? 0) + largestLog;
  }

  return {
    move,
    prepare() {
      if (!isPrepared) move();
    },
    settle() {
      if ((sizeOf(`${path}-wal`) ?? 0) > next) move();
    },
  };
}

/** Reads what the main file says of itself, without its log. @returns `null` when it says nothing, as those of before. */
export function whatMainFileSays(path: string): 'whole' | 'not whole' | null {
  const alone = pathToFileURL(path);
  alone.searchParams.set('immutable', '1');
  const database = openFile(alone, { readOnly: true });
  try {
    const isWhole = database.prepare('select is_whole from main_file').get()?.['is_whole'];
    return isWhole === undefined ? null : isWhole === 1 ? 'whole' : 'not whole';
  } catch (error) {
    // There is no such table in a file of before; damage is found elsewhere.
    if (troubleOf(error) !== null || (error instanceof Error && /no such table/.test(error.message))) return null;
    throw error;
  } finally {
    database.close();
  }
}
