import type { Instant } from '../../machines/index.ts';

/** What can be seen of a database by looking, for an operator. */
export interface DatabaseFacts {
  /** The version of the schema. */
  readonly schema: number;
  /** When the newest entry was written, `null` when there is none. */
  readonly newest: Instant | null;
  /** The addresses that the latest sign-ins came from. */
  readonly addresses: readonly string[];
  /** The size of the write-ahead log in bytes, `null` where it is none of ours. */
  readonly log: number | null;
  /** Says how far the clock is off the database's, `null` when it is not, or the database has none of its own. */
  readonly clockTrouble: string | null;
  /** Whether what one connection announces is heard on another one; `null` where there is nothing to hear. */
  readonly isHeard: boolean | null;
}
