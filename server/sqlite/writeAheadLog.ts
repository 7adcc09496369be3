import { closeSync, openSync, readSync } from 'node:fs';

/** How long the head of a write-ahead log is, in bytes: one that is no longer holds nothing. */
export const logHeader = 32;
/** How long the head of each of its frames is, in bytes. */
export const frameHeader = 24;

/** Reads from a file. @returns as many bytes as there are, at most `length`. */
function bytesAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}

/**
 * Finds where in a write-ahead log the last committed version of each page stands.
 *
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
function committedPages(log: number, pageSize: number): ReadonlyMap<number, number> {
  const salts = bytesAt(log, 16, 8);
  const [committed, open] = [new Map<number, number>(), new Map<number, number>()];
  for (let at = logHeader; ; at += frameHeader + pageSize) {
    const head = bytesAt(log, at, frameHeader);
    if (head.length < frameHeader || !head.subarray(8, 16).equals(salts)) return committed;
    open.set(head.readUInt32BE(0), at + frameHeader);
    if (head.readUInt32BE(4) === 0) continue;
    for (const [page, position] of open) committed.set(page, position);
    open.clear();
  }
}

/**
 * In how many pages the write-ahead log beside a file would change it. One that was moved into the file already changes
 * none.
 */
export function changedPages(path: string): number {
  const [main, log] = [openSync(path, 'r'), openSync(`${path}-wal`, 'r')];
  try {
    const pageSize = bytesAt(log, 8, 4).readUInt32BE(0);
    return [...committedPages(log, pageSize)].filter(
      ([page, position]) => !bytesAt(log, position, pageSize).equals(bytesAt(main, (page - 1) * pageSize, pageSize)),
    ).length;
  } finally {
    closeSync(main);
    closeSync(log);
  }
}
