import type { Duration } from '../../machines/index.ts';

/** How long nobody hears of those who leave on another node, in ms. */
const elsewhere: Duration = 100;

/** Tells those who wait for a place that it is worth looking again. */
export interface ReleaseSignal {
  /** How many have left so far. */
  count(): number;
  /** Resolves when more than `count` have left, or may have left elsewhere. */
  moreThan(count: number): Promise<void>;
  tell(): void;
}

/** Tells it within this process; for the others there is a pause. */
export function releaseSignal(): ReleaseSignal {
  const waiting = new Set<() => void>();
  let left = 0;
  return {
    count: () => left,
    async moreThan(count) {
      if (left > count) return;
      await new Promise<void>((resolve) => {
        const look = () => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        const timer = setTimeout(look, elsewhere);
        waiting.add(look);
      });
    },
    tell() {
      left += 1;
      for (const look of waiting) look();
    },
  };
}
