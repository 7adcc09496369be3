import type { Duration } from '../../machines/index.ts';

/** How long to wait before asking again, in ms: attempts that end on another node give no signal here. */
const pollInterval: Duration = 100;

/** Wakes attempts that wait for others to end. */
export interface ReleaseSignal {
  /** How many attempts have ended so far. */
  count(): number;
  /** Resolves when more than `count` have ended, or after 100 ms, for some may have ended on another node. */
  moreThan(count: number): Promise<void>;
  notify(): void;
}

/** @returns a signal for the attempts of this process. */
export function releaseSignal(): ReleaseSignal {
  const waiting = new Set<() => void>();
  let left = 0;
  return {
    count: () => left,
    async moreThan(count) {
      if (left > count) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, pollInterval);
        waiting.add(wake);
      });
    },
    notify() {
      left += 1;
      for (const wake of waiting) wake();
    },
  };
}
