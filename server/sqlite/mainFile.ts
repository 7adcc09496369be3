import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../store/unavailable.ts';
import { openFile } from './driver.ts';
import { troubleOf } from './failure.ts';
import { logOf, moveBeside, type LogMove } from './logMove.ts';

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

/**
 * At how many bytes the log is moved into the main file. Below the 1,000 pages at which another program that writes to it moves
 * it by itself, and the 1 with it.
 *
 * @see https://sqlite.org/pragma.html#pragma_wal_autocheckpoint
 */
const largestLog = 3 * 1024 * 1024;

/**
 * Above this size the file of the log is made short when it is moved, in bytes. Below it has room for what is written while
 * the log is moved: a commit that makes the file longer takes nearly twice as long.
 */
const largestFile = 8 * 1024 * 1024;

/** After how many more bytes of the log it is tried again, when a reader was in the way of moving it. */
const patience = 1024 * 1024;

/** The same before the first transaction has made the main file say what it is. */
const firstPatience = 64 * 1024;

/** How much may be left to move while requests wait, in bytes: a few milliseconds of the disk's time. */
const littleLog = 512 * 1024;

/** At this size nothing more is written before the log is moved, in bytes. What one commit adds stays below 16 MB. */
export const fullLog = 112 * 1024 * 1024;

/**
 * Has a file say that it is whole, where what was committed last says that it is not: it was copied, or its server was
 * killed, just when the log was being moved.
 */
export function sayThatItIsWhole(database: DatabaseSync): void {
  const isThere = database.prepare("select 1 from sqlite_schema where name = 'main_file'").get() !== undefined;
  const says = isThere ? database.prepare('select is_whole from main_file').get()?.['is_whole'] : undefined;
  if (says === 0) database.exec('update main_file set is_whole = 1');
}

/** Keeps the main file of an open database in order. */
export interface MainFile {
  /**
   * To be called before each transaction. Before the first one, the main file is made to say that it is not whole.
   *
   * @param size of the log, in bytes
   * @throws `StoreUnavailable` when the log is full, and a reader is in the way of moving it.
   */
  readonly prepare: (size: number) => void;
  /**
   * To be called after each transaction: has the log moved into the main file when it has grown too large.
   *
   * @param size of the log, in bytes
   */
  readonly settle: (size: number) => void;
  /** Moves the log now. */
  readonly move: () => void;
  /** Waits for what goes on beside the database, and ends it; to be called before it is closed. */
  readonly rest: () => void;
}

/**
 * Moves the log in two steps: a thread moves most of it, and what little was written meanwhile is moved between two
 * transactions.
 *
 * Nothing is written before the first transaction: a start that is refused leaves the file as it was.
 */
export function mainFileOf(database: DatabaseSync, path: string, busyTimeout: number): MainFile {
  const log = logOf(database, path, busyTimeout);
  const beside = moveBeside(log, path);
  let isPrepared = false;
  let again = 0;
  let next = largestLog;

  function move(kind: LogMove): void {
    database.exec(table);
    log.say(0);
    try {
      // What a reader has let through can be the 1 of before.
      isPrepared = log.checkpoint(kind);
    } finally {
      log.say(1);
    }
    // Of a log that is moved whole, the next transaction begins a new one.
    const filled = isPrepared ? 0 : log.fill.filled();
    again = filled + firstPatience;
    next = isPrepared ? largestLog : filled + patience;
  }

  const moveAll = () => move(log.size() > largestFile ? 'truncate' : 'restart');

  /** @param size of the file of the log, in bytes, which is known already */
  const isFilledTo = (bytes: number, size: number) => bytes === 0 || (size >= bytes && log.fill.isFilledTo(bytes));

  const start = () => beside.start(() => attempt(finish));

  /** Moves what was written while the thread moved the rest, or has the thread do that, too, if it is much. */
  function finish(): void {
    if (beside.isBusy() || !beside.isUnderWay()) return;
    beside.stopReading();
    if (beside.left() > littleLog && log.size() < fullLog / 2) start();
    else moveAll();
  }

  /** What was written is written, whatever becomes of moving it; the next transaction says what is wrong with the file. */
  function attempt(run: () => void): void {
    try {
      run();
    } catch {
      beside.stopReading();
      next = log.size() + patience;
    }
  }

  /** A reader may be in the way for long: trying must not make the log longer. */
  function makeRoom(): void {
    beside.rest();
    if (log.checkpoint('passive')) move('truncate');
    if (log.size() >= fullLog)
      throw new StoreUnavailable(
        `the write-ahead log of ${path} is full, for somebody has been reading the database for too long`,
      );
  }

  return {
    move: () => move('truncate'),
    rest() {
      beside.rest();
      log.fill.forget();
      // Closing it moves what the log says last, and nothing was written since.
      if (!isPrepared) attempt(() => sayThatItIsWhole(database));
    },
    prepare(size) {
      if (!isPrepared && !beside.isUnderWay() && isFilledTo(again, size)) move('passive');
      if (size >= fullLog) makeRoom();
    },
    settle(size) {
      if (beside.isUnderWay()) attempt(finish);
      else attempt(() => void (isFilledTo(next, size) && start()));
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
