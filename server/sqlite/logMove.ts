import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { checkpointThread } from './checkpointThread.ts';
import { openFile } from './driver.ts';
import { logFillOf } from './logFill.ts';

/** The size of a file in bytes, `null` when there is none. */
export const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

/** How the log is moved. */
export type LogMove = 'passive' | 'restart' | 'truncate';

/** What is said and done to the log through the open database. */
export function logOf(database: DatabaseSync, path: string, busyTimeout: number) {
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
  function checkpoint(kind: LogMove): boolean {
    const { busy, log, checkpointed } = atOnce(() => statements[kind].get()) ?? {};
    return busy === 0 && log === checkpointed;
  }

  return { say, atOnce, checkpoint, size: () => sizeOf(`${path}-wal`) ?? 0, fill: logFillOf(`${path}-wal`) };
}

/**
 * Has a thread move what there is in the log, up to a moment at which the log says 0: a reader that looks at that moment
 * keeps SQLite from moving the 1 behind it.
 */
export function moveBeside({ say, atOnce, fill }: ReturnType<typeof logOf>, path: string) {
  const thread = checkpointThread(path);
  let reader: DatabaseSync | null = null;
  /** How far the log was filled when the thread began with it. */
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
      given = fill.filled();
      if (isSeen) thread.start(done);
      else stopReading();
    },
    stopReading,
    /** How much has been written since the thread began, in bytes. */
    left: () => fill.filled() - given,
    rest(): void {
      thread.stop();
      stopReading();
    },
  };
}
