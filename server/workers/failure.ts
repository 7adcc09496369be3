import { StoreUnavailable } from '../store/unavailable.ts';

/** How an error of the storage ends that is trouble outside of our statements. @see https://sqlite.org/rescode.html */
const troubles: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'full',
  SQLITE_IOERR: 'input/output error',
  SQLITE_NOMEM: 'out of memory',
  SQLITE_READONLY: 'read-only',
  SQLITE_CORRUPT: 'damaged',
  SQLITE_NOTADB: 'not a database',
};

/** The error to throw in place of one that was caught: trouble outside becomes `StoreUnavailable`, bugs stay bugs. */
export function failureOf(error: unknown): unknown {
  const [, code] = /: (SQLITE_[A-Z]+)(?: \(extended: \w+\))?$/.exec(error instanceof Error ? error.message : '') ?? [];
  const trouble = troubles[code ?? ''];
  return trouble === undefined
    ? error
    : new StoreUnavailable(`the storage of the object is unavailable: ${trouble}`, { cause: error });
}
