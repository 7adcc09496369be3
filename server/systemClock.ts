import type { Duration, Instant } from '../machines/index.ts';

/** The clock of the machine: epoch ms. This file is the only place of the library where the time is asked for. */
export const systemClock = (): Instant => Date.now();

/** Begins to measure time by whichever clock is ahead: one may be put back, the other stands still while the machine sleeps. */
export const stopwatch = (): (() => Duration) => {
  const [elapsed, told] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - elapsed, Date.now() - told);
};

/** Time that nobody can set, in ms since some moment. It stands still while the machine sleeps. */
export const elapsedTime = (): Duration => performance.now();
