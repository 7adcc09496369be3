import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { mainFileOf } from './mainFile.ts';
import { StoreUnavailable } from '../store/unavailable.ts';

/** The file of an open database: what is written after the file was moved or removed would be lost. */
export interface DatabaseFile {
  /**
   * Sees that the file is where it was opened, and that its write-ahead log is beside it; a log that is gone is merged
   * and begun anew.
   *
   * @throws `StoreUnavailable` while the file is gone or another one is in its place.
   */
  check(): void;
  /** Has the file say that it is not whole without its log; for after a check, before a transaction. */
  prepare(): void;
  /** Has the write-ahead log moved into the file when it has grown too large; for after a check, after a transaction. */
  settle(): void;
  /** Ends what goes on beside the database; for before it is closed. */
  rest(): void;
}

/** Which file there is at a path, and how many bytes it has; `null` for none. */
function fileAt(path: string): { readonly inode: bigint; readonly size: number } | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? { inode: found.ino, size: Number(found.size) } : null;
}

/** Keeps an eye on an open database's files. What is in memory has no place and is always there. */
export function databaseFileOf(
  database: DatabaseSync,
  path: string,
  busyTimeout: number,
  isRead = false,
): DatabaseFile {
  if (path === ':memory:') return { check() {}, prepare() {}, settle() {}, rest() {} };
  const mainFile = isRead ? null : mainFileOf(database, path, busyTimeout);
  const file = fileAt(path)?.inode;
  const wal = `${path}-wal`;
  let log = fileAt(wal);

  function merge(): void {
    mainFile?.rest();
    const mode = database.prepare('pragma journal_mode = delete').get()?.['journal_mode'];
    if (mode !== 'delete')
      throw new StoreUnavailable(`the write-ahead log of ${path} is gone and cannot be begun anew`);
    database.exec('pragma journal_mode = wal');
    mainFile?.move();
    log = fileAt(wal);
  }

  return {
    check() {
      if (fileAt(path)?.inode !== file)
        throw new StoreUnavailable(
          `the database ${path} was removed or replaced while it was open; put it back, or start again with what is there`,
        );
      const now = fileAt(wal);
      // SQLite goes on with the file that it has open, although it would be gone after a crash.
      if (log && now?.inode !== log.inode) merge();
      else log = now;
    },
    prepare() {
      mainFile?.prepare(log?.size ?? 0);
    },
    settle() {
      mainFile?.settle(log?.size ?? 0);
    },
    rest() {
      mainFile?.rest();
    },
  };
}
