import type { Database, Row, SqlInput } from '../sqlite/database.ts';
import { failureOf } from './failure.ts';

/** A value as the storage of an object returns it. */
type Stored = null | number | string | ArrayBuffer;

/** What is used of `ctx.storage` of a Durable Object that keeps SQLite. */
export interface ObjectStorage {
  readonly sql: {
    exec(query: string, ...values: SqlInput[]): { toArray(): Record<string, Stored>[] };
  };
  transactionSync<Result>(work: () => Result): Result;
}

/** The stores read bytes as Node's SQLite returns them. */
const asRow = (row: Record<string, Stored>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof ArrayBuffer ? new Uint8Array(value) : value]),
  );

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw failureOf(error);
  }
}

/**
 * The storage of one Durable Object, for the stores of SQLite. Only the object itself writes to it. What a transaction has
 * written is on the disk before anything that the object says afterwards leaves it, so that no commit is waited for.
 *
 * @see https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
 */
export function databaseOf(storage: ObjectStorage): Database {
  const { sql } = storage;
  const all = (text: string, values: SqlInput[]): Row[] =>
    guarded(() =>
      sql
        .exec(text, ...values)
        .toArray()
        .map(asRow),
    );
  const transaction = <Result>(work: () => Result): Result => guarded(() => storage.transactionSync(work));

  return {
    isShared: false,
    prepare: (text) => ({
      get: (...values) => all(text, values)[0],
      all: (...values) => all(text, values),
      run(...values) {
        all(text, values);
        // The storage itself counts what was written to indexes, too.
        return Number(all('select changes() as n', [])[0]?.['n']);
      },
    }),
    transaction,
    transactionInGroup: async (work) => transaction(work),
  };
}
