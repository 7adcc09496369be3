import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { frameHeader, logHeader } from './writeAheadLog.ts';

/** How far a write-ahead log is filled. */
export interface LogFill {
  /** In bytes, the head included; 0 where there is no log. */
  readonly filled: () => number;
  /** Whether it is filled that far, in bytes. */
  readonly isFilledTo: (bytes: number) => boolean;
  /** To be called when the file may be another one from now on. */
  readonly forget: () => void;
}

/**
 * Finds out how far a log is filled. How long its file is does not tell: a log that has begun anew stands in the file of
 * before. A frame is one of now where it has the salts of the head.
 *
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function logFillOf(path: string): LogFill {
  const head = Buffer.alloc(logHeader);
  const frame = Buffer.alloc(frameHeader);
  let file: number | null = null;

  /** Reads the head. @returns how long a frame is, in bytes, or `null` where there is no log. */
  function frameLength(log: number): number | null {
    return readSync(log, head, 0, logHeader, 0) === logHeader ? frameHeader + head.readUInt32BE(8) : null;
  }

  const isOfNow = (log: number, index: number, length: number): boolean =>
    readSync(log, frame, 0, frameHeader, logHeader + index * length) === frameHeader &&
    frame.compare(head, 16, 24, 8, 16) === 0;

  return {
    filled() {
      const log = (file ??= openSync(path, 'r'));
      const length = frameLength(log);
      if (length === null) return 0;
      let [frames, most] = [0, Math.floor((fstatSync(log).size - logHeader) / length)];
      while (frames < most) {
        const middle = Math.ceil((frames + most) / 2);
        if (isOfNow(log, middle - 1, length)) frames = middle;
        else most = middle - 1;
      }
      return logHeader + frames * length;
    },
    isFilledTo(bytes) {
      const log = (file ??= openSync(path, 'r'));
      const length = frameLength(log);
      return length !== null && isOfNow(log, Math.max(0, Math.ceil((bytes - logHeader) / length) - 1), length);
    },
    forget() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
