import type { Instant } from '../../machines/index.ts';
import type { SessionQuery, Stored } from './eventLog.ts';

/** Which sessions to find, of any user; a field that is left out matches all. */
export interface AllQuery extends SessionQuery {
  readonly user?: string;
}

/**
 * Looks over the sessions of all users. It may lag behind the event log, and never decides who may enter: what is found
 * here is loaded, or its version compared, before anything is done with it. Every adapter passes the one contract suite.
 */
export interface Overview {
  /** Sessions of all users or of one, ended ones included; newest first, those of one instant by id. */
  search(query: AllQuery, limit: number): Promise<readonly Stored[]>;
  /** Sessions that ended together with all others, and whose log does not say so yet, by id; at most `limit`. */
  revoked(limit: number): Promise<readonly string[]>;
  /** Sessions whose next deadline is at or before an instant, most overdue first; none that has ended with all others. */
  due(at: Instant, limit: number): Promise<readonly string[]>;
  /** Sessions that ended at or before an instant, the longest ended first; on from one of them on request. */
  ended(before: Instant, limit: number, after?: { endedAt: Instant; id: string }): Promise<readonly Stored[]>;
}
