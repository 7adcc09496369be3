import type { Entry, SessionState } from '../../machines/index.ts';

/** A session's log, and where each of its entries led. */
export interface Golden {
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly states: readonly SessionState[];
}
