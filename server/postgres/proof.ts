import { seconds, type Duration } from '../../machines/index.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import type { Answered } from './speak.ts';

/** How long a database that commits nothing is believed, in ms: less than any failover takes. */
export const proofLasts: Duration = seconds(3);

const never = (): Duration => Infinity;

/**
 * Whether the database still is the one that may commit: a primary that was deposed without noticing answers reads for
 * ever, but takes no commit that has to be on its standby, too.
 */
export interface Proof {
  /** It has committed. @param sent how long ago it was asked to */
  readonly prove: (sent: () => Duration, answered: Pick<Answered, 'timeline' | 'tookOver'>) => void;
  /** How old the last proof is, in ms. */
  readonly age: () => Duration;
  /** Whether what the database says counts. */
  readonly holds: () => boolean;
  /** For how long a server that has just taken over is not believed yet, in ms. */
  readonly heldFor: () => Duration;
  /** @throws StoreUnavailable with the reason why it does not */
  readonly check: () => void;
}

/**
 * @param stopwatch begins to measure time, by whichever clock is ahead
 * @param timeline of the server that was connected to last, `null` where it is not known
 * @returns what believes the database at first, for as long as any proof lasts.
 */
export function createProof(stopwatch: () => () => Duration, timeline: () => string | null): Proof {
  let since = stopwatch();
  let provedOn: string | null = null;
  let sinceMet = never;
  let hold: Duration = 0;

  const isElsewhere = () => provedOn !== null && timeline() !== null && timeline() !== provedOn;

  return {
    prove(sent, answered) {
      since = sent;
      provedOn = answered.timeline;
      // Who still talks to the server before this one believes it no more by then.
      if (answered.tookOver === null || answered.tookOver >= proofLasts) return;
      sinceMet = stopwatch();
      hold = proofLasts - answered.tookOver;
    },
    age: () => since(),
    holds: () => since() <= proofLasts && !isElsewhere() && sinceMet() >= hold,
    heldFor: () => Math.max(0, hold - sinceMet()),
    check() {
      if (since() > proofLasts)
        throw new StoreUnavailable('the database is unavailable: it has committed nothing for too long');
      if (isElsewhere() || sinceMet() < hold)
        throw new StoreUnavailable('the database is unavailable: another server has just taken over');
    },
  };
}
