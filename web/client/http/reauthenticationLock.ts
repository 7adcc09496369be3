import type { Duration } from '../../../machines/index.ts';
import type { Locks } from '../device/locks.ts';
import type { Timer } from '../device/timer.ts';
import { withTimeout } from '../device/withTimeout.ts';

/** What the lock needs. */
export interface ReauthenticationLockPorts {
  /** How the tabs of one browser know of each other's re-authentications; without it each knows of its own. */
  readonly locks: Locks | undefined;
  readonly timer: Timer;
}

const name = 'curfew.proof';

/**
 * The re-authentications of one browser that are not answered yet. The server voids every earlier token as soon as it
 * has decided, so that until the answer is here no tab has one that is good, and none is lost because of that.
 */
export interface ReauthenticationLock {
  /** Sends a re-authentication; what waits for `settled` waits for its answer. */
  readonly during: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Waits until none is on its way, at most for so many ms. */
  readonly settled: (atMost: Duration) => Promise<void>;
}

/** @returns the lock of this tab, which it shares with the browser's other tabs. */
export function createReauthenticationLock({ locks, timer }: ReauthenticationLockPorts): ReauthenticationLock {
  let own: Promise<unknown> | null = null;

  return {
    during(ask) {
      // A re-authentication waits for nothing: a tab that hangs would keep the user out.
      if (locks) {
        let isAsked = false;
        const run = () => {
          isAsked = true;
          return ask();
        };
        // Where storage is denied, so are locks.
        return locks.request(name, { mode: 'shared', ifAvailable: true }, run).catch((error: unknown) => {
          if (isAsked) throw error;
          return ask();
        });
      }
      const answer = ask();
      own = answer;
      return answer;
    },
    settled: (atMost) =>
      withTimeout(timer, atMost, async (signal) => {
        await Promise.allSettled([own, locks?.request(name, { signal }, () => {})]);
      }),
  };
}
