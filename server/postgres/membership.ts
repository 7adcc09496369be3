import type { CopyRules } from '../store/copies.ts';
import type { Settle } from './narrowing.ts';
import type { Proof } from './proof.ts';

/** A node among those on one database. */
export interface Membership {
  readonly id: string;
  readonly copies: CopyRules;
  readonly settle: Settle;
  /** Whether the database is believed. */
  readonly proof: Proof;
  /**
   * Has the database prove itself once more: by now it may be slow or dead.
   *
   * @returns rejects with `StoreUnavailable` when it does not, at once where it has not for long
   */
  readonly believe: () => Promise<void>;
  /** Waits at the start until the database counts, where that is soon. */
  readonly begin: () => Promise<void>;
  /** Gives the lease back. */
  readonly leave: () => Promise<void>;
}
