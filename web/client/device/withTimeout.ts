import type { Duration } from '../../../machines/index.ts';
import type { Timer } from './timer.ts';

/** Does something that is given up after a while: its signal aborts then. */
export async function withTimeout<Value>(
  timer: Timer,
  atMost: Duration,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const tooLate = new AbortController();
  const cancel = timer(() => tooLate.abort(), atMost);
  try {
    return await run(tooLate.signal);
  } finally {
    cancel();
  }
}
