import type { Duration, Instant } from '../machines/index.ts';

/** The clock of the machine: epoch ms. This file is the only place of the library where the time is asked for. */
export const systemClock = (): Instant => Date.now();

/** Time that nobody can set, in ms since some moment. It stands still while the machine sleeps. */
export const elapsedTime = (): Duration => performance.now();
