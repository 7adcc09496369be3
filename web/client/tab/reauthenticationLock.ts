import type { Duration } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import { withTimeout } from '../device/withTimeout.ts';

/** What proofs need. */
export interface ProofPorts {
  /** How the tabs of one browser know of each other's proofs; without it each knows of its own. */
  readonly locks: LockManager | undefined;
  readonly timer: Timer;
}

const name = 'curfew.proof';

/**
 * The re-authentications of one browser that are not answered yet. The server voids every earlier token as soon as it
 * has decided, so that until the answer is here no tab has one that is good, and none is lost because of that.
 */
export interface Proofs {
  /** Asks for one; the others wait meanwhile. */
  readonly during: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Until none is on its way, or for as long as an answer may take. */
  readonly over: (atMost: Duration) => Promise<void>;
}

export function createReauthenticationLock({ locks, timer }: ProofPorts): Proofs {
  let own: Promise<unknown> | null = null;

  return {
    during(ask) {
      // Whoever proves who they are waits for nobody: a tab that hangs would keep them out.
      if (locks) return locks.request(name, { mode: 'shared', ifAvailable: true }, ask);
      const answer = ask();
      own = answer;
      return answer;
    },
    over: (atMost) =>
      withTimeout(timer, atMost, async (signal) => {
        await Promise.allSettled([own, locks?.request(name, { signal }, () => {})]);
      }),
  };
}
