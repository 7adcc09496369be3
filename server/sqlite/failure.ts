import { StoreUnavailable } from '../store/unavailable.ts';

/** Primary result codes of SQLite that mean trouble outside of our statements. @see https://sqlite.org/rescode.html */
const troubles = {
  3: 'no permission',
  5: 'locked',
  6: 'locked',
  7: 'out of memory',
  8: 'read-only',
  10: 'input/output error',
  11: 'damaged',
  13: 'full',
  14: 'cannot be opened',
  26: 'not a database',
} as const;

/** What keeps a SQLite database from working. */
export type Trouble = (typeof troubles)[keyof typeof troubles];

const isTroubleCode = (code: number): code is keyof typeof troubles => Object.hasOwn(troubles, code);

/** What an error of `node:sqlite` says about the database, `null` when it is an error of ours. */
export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return null;
  const primary = error.errcode & 0xff;
  return isTroubleCode(primary) ? troubles[primary] : null;
}

/** The error to throw in place of one that was caught: trouble outside becomes `StoreUnavailable`, bugs stay bugs. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE')
    return new StoreUnavailable('the database is unavailable: it was closed', { cause: error });
  const trouble = troubleOf(error);
  return trouble === null ? error : new StoreUnavailable(`the database is unavailable: ${trouble}`, { cause: error });
}
