/**
 * What a client was told: `live` of a session that let it in or was shown alive, `ended` of one that was not, `done` of
 * an end that was acknowledged, `refused` where the answer says nothing of either, and `unknown` where there was none,
 * or a 503: then it may have happened or not.
 */
export type Told = 'live' | 'ended' | 'done' | 'refused' | 'unknown';

/** What a client asked about one session, and what it was told. */
export interface Operation {
  readonly kind: 'sign in' | 'use' | 'look' | 'refresh' | 'end';
  readonly user: string;
  readonly session: string;
  readonly told: Told;
  /** The version of the session that the answer named, 0 for none. */
  readonly version: number;
  /** When it was sent and when it was answered: moments are counted, by the one process that sees all of them. */
  readonly begun: number;
  readonly over: number;
  /** Which server was asked. */
  readonly node: number;
}

/** What the servers have kept of a session, read when all was over. */
export interface Kept {
  readonly entries: number;
  /** Whether its chain verifies, and its entries lead to the state that is shown. */
  readonly isWhole: boolean;
  readonly isEnded: boolean;
}

/** A moment after all that were asked for before. */
export function moments(): () => number {
  let moment = 0;
  return () => (moment += 1);
}
