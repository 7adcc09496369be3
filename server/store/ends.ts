import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';

/** The end of a session that is to be told. */
export interface End {
  readonly session: string;
  /** Of the entry with which it ended. */
  readonly version: number;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

/** The outbox of ends: an append writes one for each session that ends, in its own transaction. */
export interface Ends {
  /**
   * Takes ends whose time has come, the longest due first.
   *
   * @param until no other call gets them before this instant, and after it they are due again
   */
  claim(at: Instant, until: Instant, limit: number): Promise<readonly End[]>;
  /** It was told. */
  remove(end: End): Promise<void>;
  /** It could not be told, and is due again at an instant. */
  postpone(end: End, due: Instant): Promise<void>;
  /** Erases those of sessions that ended before an instant. */
  purge(before: Instant): Promise<void>;
}

/** A row of `ends`. */
export const endRow = z
  .object({ stream: z.string(), version: z.number(), attempts: z.number() })
  .transform(({ stream, version, attempts }): End => ({ session: stream, version, attempts }));
