/** The part of a `LockManager` this needs. */
export interface Locks {
  readonly request: <Value>(
    name: string,
    options: LockOptions,
    run: (lock: Lock | null) => Promise<Value> | Value,
  ) => Promise<Value>;
}
