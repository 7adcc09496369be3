import type { Duration } from '../machines/index.ts';
import type { Timer } from './alarm.ts';

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

export function createProofs({ locks, timer }: ProofPorts): Proofs {
  const own = new Set<Promise<unknown>>();

  /** Whoever proves who they are waits for nobody: a tab that hangs would keep them out. */
  const held = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    locks ? locks.request(name, { mode: 'shared', ifAvailable: true }, ask) : ask();

  return {
    async during(ask) {
      const answer = held(ask);
      own.add(answer);
      try {
        return await answer;
      } finally {
        own.delete(answer);
      }
    },
    over: (atMost) =>
      new Promise((resolve) => {
        const tooLong = new AbortController();
        const { signal } = tooLong;
        const cancel = timer(() => tooLong.abort(), atMost);
        signal.addEventListener('abort', () => resolve());
        void Promise.allSettled([...own, locks?.request(name, { signal }, () => {})]).then(() => {
          cancel();
          resolve();
        });
      }),
  };
}
