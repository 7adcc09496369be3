/**
 * The store cannot answer just now: locked, full, read-only, damaged or out of reach. Nothing was acknowledged, and
 * nothing was half written; whether a write whose answer got lost on the way took place is for the next read to say.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The database cannot be used as it is; the message is one line for the operator. Nothing was changed. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}
