/** What SQLite takes in place of a parameter. */
export type SqlInput = null | number | bigint | string | NodeJS.ArrayBufferView;

/** A row as SQLite returns it; its shape is not checked yet. */
export type Row = Record<string, null | number | bigint | string | Uint8Array>;

/** A statement that was prepared once. Every method throws `StoreUnavailable` when the database is in trouble. */
export interface Statement {
  get(...values: SqlInput[]): Row | undefined;
  all(...values: SqlInput[]): Row[];
  /** @returns the number of rows that were changed. */
  run(...values: SqlInput[]): number;
}

/**
 * An open database, as far as the stores need one: a file of SQLite, or the storage of a Durable Object. Everything on it
 * is synchronous, so that nothing comes between the statements of a transaction.
 */
export interface Database {
  /** Whether other processes may write to it, too. */
  readonly isShared: boolean;
  prepare(sql: string): Statement;
  /**
   * Writes all that `work` writes or nothing; on disk when it returns, or before anything of it is told to anybody.
   *
   * @throws `StoreUnavailable` when the database is in trouble, and whatever `work` throws; then nothing was written.
   */
  transaction<Result>(work: () => Result): Result;
  /**
   * A transaction that may share its commit with others of the same turn of the event loop. Resolves as `transaction`
   * returns, and rejects as it throws. `work` may be called again, when what it wrote was undone because of another.
   */
  transactionInGroup<Result>(work: () => Result): Promise<Result>;
}
