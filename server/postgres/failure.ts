import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../store/unavailable.ts';

/** Two transactions stood in each other's way, and this one was taken back: it can be tried again. */
export class Contention extends Error {
  override readonly name = 'Contention';
}

const contentions: ReadonlySet<string> = new Set(['40001', '40P01']);

/** SQLSTATE codes, or their classes, that mean trouble outside of our statements. @see PostgreSQL, appendix A */
const troubles: readonly (readonly [prefix: string, trouble: string])[] = [
  ['08', 'the connection was lost'],
  ['25006', 'it is read-only'],
  ['25P', 'a transaction took too long'],
  ['28', 'it does not let us in'],
  ['3D000', 'it is not there'],
  ['3F000', 'its tables are not there'],
  ['42P01', 'its tables are not there'],
  ['42501', 'no permission'],
  ['53100', 'it is full'],
  ['53', 'it is out of resources'],
  ['54', 'a limit of its own was reached'],
  ['55P03', 'it is locked'],
  ['57', 'it is shutting down, or a statement took too long'],
  ['58', 'input/output error'],
  ['72', 'a snapshot is too old'],
  ['F0', 'its configuration is damaged'],
  ['XX', 'damaged'],
];

/** Whether a statement failed because a row with this key exists (SQLSTATE 23505). */
export const isUniqueViolation = (error: unknown): boolean => error instanceof DatabaseError && error.code === '23505';

/** Whether the database took nothing because it is read-only: a standby, or a server that was told so. */
export const isReadOnly = (error: unknown): boolean =>
  error instanceof StoreUnavailable && error.cause instanceof DatabaseError && error.cause.code === '25006';

/**
 * The error to throw in place of one that the driver threw: trouble outside becomes `StoreUnavailable`, bugs stay bugs.
 * What has no code came from the connection, not from a statement.
 */
export function asFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error;
  if (!(error instanceof DatabaseError) || error.code === undefined)
    return new StoreUnavailable('the database is unavailable: it cannot be reached', { cause: error });
  const { code } = error;
  if (contentions.has(code)) return new Contention(error.message, { cause: error });
  const trouble = troubles.find(([prefix]) => code.startsWith(prefix))?.[1];
  return trouble === undefined
    ? error
    : new StoreUnavailable(`the database is unavailable: ${trouble}`, { cause: error });
}
