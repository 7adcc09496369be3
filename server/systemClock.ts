import type { Instant } from '../machines/index.ts';

/** The clock of the machine: epoch ms. The only place of the library where the time is asked for. */
export const systemClock = (): Instant => Date.now();
