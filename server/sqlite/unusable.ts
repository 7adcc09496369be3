import { UnusableDatabase } from '../store/unavailable.ts';
import { troubleOf } from './failure.ts';

const damaged = 'is not a SQLite database or is damaged; nothing was changed';
const forbidden = 'cannot be opened: no permission to read and write it, or its folder';

const reasons: Readonly<Record<string, string>> = {
  locked: 'is locked by another process; nothing was changed',
  damaged,
  'not a database': damaged,
  'no permission': forbidden,
  'read-only': forbidden,
  'cannot be opened': forbidden,
  full: 'cannot be written: the disk is full',
  'input/output error': 'cannot be read or written: the disk is full or reports an error',
  'out of memory': 'cannot be opened: out of memory',
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'cannot be opened: part of its path is a file, not a folder',
  EEXIST: 'cannot be opened: part of its path is a file, not a folder',
  ENOSPC: 'cannot be written: the disk is full',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Says why a database cannot be used. */
export function unusable(path: string, error: unknown): UnusableDatabase {
  if (error instanceof UnusableDatabase) return error;
  const reason = reasons[troubleOf(error) ?? codeOf(error)] ?? `cannot be opened: ${String(error)}`;
  return new UnusableDatabase(`the database ${path} ${reason}`, { cause: error });
}

/** Says that a file holds something else than what was expected. */
export const unexpected = (path: string, what: string): UnusableDatabase =>
  new UnusableDatabase(`the database ${path} ${what}; nothing was changed`);

/** Says that a file is no database of SQLite, or no longer one. */
export const broken = (path: string): UnusableDatabase => new UnusableDatabase(`the database ${path} ${damaged}`);
