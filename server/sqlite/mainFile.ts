import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../store/unavailable.ts';
import { checkpointThread } from './checkpointThread.ts';
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

/** At how many bytes the log is moved into the main file. */
const largestLog = 4 * 1024 * 1024;

/** Above this size the file of the log is made short when it is moved, in bytes. */
const largestFile = 2 * largestLog;

/** After how many more bytes of the log it is tried again, when a reader was in the way of moving it. */
const patience = 1024 * 1024;

/** The same before the first transaction has made the main file say what it is. */
const firstPatience = 64 * 1024;

/** How much may be left to move while requests wait, in bytes: a few milliseconds of the disk's time. */
const littleLog = 512 * 1024;

/** At this size nothing more is written before the log is moved, in bytes. What one commit adds stays below 16 MB. */
export const fullLog = 112 * 1024 * 1024;

/** The size of a file in bytes, `null` when there is none. */
export const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

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
   * @throws `StoreUnavailable` when the log is full, and a reader is in the way of moving it.
   */
  readonly prepare: () => void;
  /** To be called after each transaction: has the log moved into the main file when it has grown too large. */
  readonly settle: () => void;
  /** Moves the log now. */
  readonly move: () => void;
  /** Waits for what goes on beside the database, and ends it; to be called before it is closed. */
  readonly rest: () => void;
}

/** How the log is moved. */
type Kind = 'passive' | 'restart' | 'truncate';

/** What is said and done to the log through the open database. */
function logOf(database: DatabaseSync, path: string, busyTimeout: number) {
  database.exec('pragma wal_autocheckpoint = 0');
  // The first waits for nobody. After the second the log begins anew in the file that is there: a commit into room that a
  // file has already is on the disk in little more than half the time. The third makes the file short.
  const passive = database.prepare('pragma wal_checkpoint(passive)');
  const restart = database.prepare('pragma wal_checkpoint(restart)');
  const truncate = database.prepare('pragma wal_checkpoint(truncate)');
  const statements = { passive, restart, truncate };

  /** It reaches the disk with the next commit: lost, it would only be said again. */
  function say(isWhole: 0 | 1): void {
    database.exec('pragma synchronous = normal');
    try {
      database.prepare('insert or replace into main_file (id, is_whole) values (1, ?)').run(isWhole);
    } finally {
      database.exec('pragma synchronous = full');
    }
  }

  /** Runs what may not wait for other connections: it fails instead. */
  function atOnce<Result>(run: () => Result): Result {
    database.exec('pragma busy_timeout = 0');
    try {
      return run();
    } finally {
      database.exec(`pragma busy_timeout = ${busyTimeout}`);
    }
  }

  /** @returns whether all of it was moved: a reader may have been in the way. */
  function checkpoint(kind: Kind): boolean {
    const { busy, log, checkpointed } = atOnce(() => statements[kind].get()) ?? {};
    return busy === 0 && log === checkpointed;
  }

  return { say, atOnce, checkpoint, size: () => sizeOf(`${path}-wal`) ?? 0 };
}

/**
 * Has a thread move what there is in the log, up to a moment at which the log says 0: a reader that looks at that moment
 * keeps SQLite from moving the 1 behind it.
 */
function moveBeside({ say, atOnce, size }: ReturnType<typeof logOf>, path: string) {
  const thread = checkpointThread(path);
  let reader: DatabaseSync | null = null;
  /** How large the log was when the thread began with it. */
  let given = 0;

  function stopReading(): void {
    reader?.close();
    reader = null;
  }

  /** @returns whether the reader sees the 0. */
  function read(): boolean {
    reader = openFile(path, { readOnly: true, timeout: 0 });
    reader.exec('begin');
    return reader.prepare('select is_whole from main_file').get()?.['is_whole'] === 0;
  }

  return {
    isUnderWay: () => reader !== null,
    isBusy: () => thread.isBusy(),
    start(done: () => void): void {
      atOnce(() => say(0));
      let isSeen = false;
      try {
        isSeen = read();
      } finally {
        say(1);
      }
      given = size();
      if (isSeen) thread.start(done);
      else stopReading();
    },
    stopReading,
    /** How much has been written since the thread began, in bytes. */
    left: () => size() - given,
    rest(): void {
      thread.stop();
      stopReading();
    },
  };
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

  function move(kind: Kind): void {
    database.exec(table);
    log.say(0);
    try {
      // What a reader has let through can be the 1 of before.
      isPrepared = log.checkpoint(kind);
    } finally {
      log.say(1);
    }
    const size = log.size();
    again = size + firstPatience;
    // Of a log that has begun anew the file grows once there is more in it than there was before.
    next = !isPrepared ? size + patience : kind === 'passive' ? size + largestLog : Math.max(size, largestLog);
  }

  const moveAll = () => move(log.size() > largestFile ? 'truncate' : 'restart');

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
      // Closing it moves what the log says last, and nothing was written since.
      if (!isPrepared) attempt(() => sayThatItIsWhole(database));
    },
    prepare() {
      if (!isPrepared && !beside.isUnderWay() && log.size() >= again) move('passive');
      if (log.size() >= fullLog) makeRoom();
    },
    settle() {
      if (beside.isUnderWay()) attempt(finish);
      else if (log.size() > next) attempt(start);
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
