import { setTimeout as wait } from 'node:timers/promises';
import type { Duration } from '../machines/index.ts';
import { keepCheckpoint } from './audit/checkpoints.ts';
import type { Dependencies } from './routes/dependencies.ts';
import { sweepOnce, type SweepDependencies as SweptDependencies } from './sweepOnce.ts';

/** What a sweep with checkpoints needs. */
export type SweepDependencies = SweptDependencies & Pick<Dependencies, 'auditReader' | 'checkpoints'>;

/**
 * Sweeps once, and makes a checkpoint when the next one is due.
 *
 * @returns how many sessions were stepped.
 * @see sweepOnce
 */
export const sweep = (parts: SweepDependencies): Promise<number> => sweepOnce(parts, [() => keepCheckpoint(parts)]);

/**
 * Sweeps now and then, and never twice at once: the pause is counted from the end of one sweep to the beginning of the
 * next. Keeps no process alive.
 *
 * @param pause in ms
 * @returns how to stop; a sweep that is running stops behind the session it is at, and only then it resolves.
 */
export function sweepRegularly(parts: SweepDependencies, pause: Duration): () => Promise<void> {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await wait(pause, undefined, { ref: false, signal: stopped.signal }).catch(() => {});
      if (!stopped.signal.aborted) await sweep({ ...parts, stopping: stopped.signal });
    }
  };
  const running = run();
  return async () => {
    stopped.abort();
    await running;
  };
}
