import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { minutes, presets } from '../../../machines/index.ts';
import { settleDue } from '../../../server/session/settleDue.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { begun, t0 } from '../../../server/contract/history.ts';
import { partsOn } from '../../support/server/parts.ts';

/** How a sweep settles what is due, and how late other work of the process is meanwhile, in ms. */
export interface Sweep {
  readonly perSecond: number;
  /** CPU time a session, in µs. */
  readonly cpu: number;
  readonly p99: number;
  readonly most: number;
  /** The same as long without a sweep. */
  readonly p99Without: number;
  readonly mostWithout: number;
}

async function late<Result>(work: () => Promise<Result>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const result = await work();
  delay.disable();
  return { result, p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 };
}

/** Lets so many sessions come due at once, on a SQLite file with `synchronous=FULL`. */
export async function measureSweep(folder: string, sessions: number): Promise<Sweep> {
  let now = t0;
  const parts = await partsOn(sqlite(join(folder, 'sweeps.db')), {
    policy: presets.standard,
    secret: 'a secret of at least thirty-two bytes',
    clock: () => now,
    write() {},
  });
  for (let from = 0; from < sessions; from += 1000)
    await parts.log.append(
      Array.from({ length: Math.min(1000, sessions - from) }, (_, index) =>
        begun(`s${from + index}`, `user ${from + index}`),
      ),
    );
  // Twice: at the first deadline the code gets warm.
  const settled = async () => {
    const before = performance.now();
    const count = await settleDue(parts);
    return { count, took: performance.now() - before };
  };
  now = t0 + minutes(26);
  await settled();
  now = t0 + minutes(31);
  const cpu = process.cpuUsage();
  const { result, p99, most } = await late(settled);
  const { user, system } = process.cpuUsage(cpu);
  const without = await late(() => sleep(result.took));
  if (result.count !== sessions) throw new Error(`${result.count} sessions were settled in place of ${sessions}`);
  return {
    perSecond: result.count / (result.took / 1000),
    cpu: (user + system) / result.count,
    p99,
    most,
    p99Without: without.p99,
    mostWithout: without.most,
  };
}
