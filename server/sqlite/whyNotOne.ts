import { sizeOf } from './logMove.ts';
import { whatMainFileSays } from './mainFile.ts';
import { changedPages, logHeader } from './writeAheadLog.ts';

/** What a process that was killed while it opened the database has in the log at most: the mark. */
const pagesOfMark = 1;

const copied =
  'was copied without its write-ahead log (-wal), and what was written last is missing; use a copy made by "curfew backup"';
const foreign =
  'has a write-ahead log (-wal) beside it that is not its own, as after a restore; move that away, with the -shm file';

function whatIsWrong(path: string): string | null {
  const log = sizeOf(`${path}-wal`);
  const says = whatMainFileSays(path);
  if (says === 'not whole' && log === null) return copied;
  return says === 'whole' && log !== null && log > logHeader && changedPages(path) > pagesOfMark ? foreign : null;
}

const looks = 25;

/**
 * Says why a main file and what lies beside it are not one database, `null` when they are. Looks several times where
 * something seems to be wrong: another process may be just opening or closing it.
 */
export function whyNotOne(path: string): string | null {
  for (let look = 1; ; look++) {
    const wrong = whatIsWrong(path);
    if (wrong === null || look === looks) return wrong;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}
