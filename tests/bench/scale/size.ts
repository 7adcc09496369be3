import { join } from 'node:path';
import { sqlite } from '../../../server/sqlite/index.ts';
import { begun, decided, extended } from '../../../server/contract/history.ts';
import { median } from '../figures.ts';
import { entriesEach, fillWithEntries, idOf } from './fill.ts';

/** How long things take in a log of some size, in µs: the median. */
export interface AtSize {
  readonly entries: number;
  readonly load: number;
  readonly append: number;
}

const tries = 2000;

/** Loads and appends, to sessions all over the log, while it grows. */
export async function measureSizes(folder: string, sizes: readonly number[]): Promise<readonly AtSize[]> {
  const { log, close } = await sqlite(join(folder, 'size.db')).open({ clock: () => Date.now() });
  const measured: AtSize[] = [];
  let there = 0;
  for (const entries of sizes.toSorted((a, b) => a - b)) {
    const at = Date.now();
    await fillWithEntries(log, there, entries, at);
    there = entries;
    const loads: number[] = [];
    const appends: number[] = [];
    for (let each = 0; each < tries; each += 1) {
      // Far apart, whatever their number.
      const id = idOf((each * 7919) % (entries / entriesEach));
      const begin = performance.now();
      if ((await log.load(id)) === null) throw new Error(`${id} is not there`);
      loads.push((performance.now() - begin) * 1000);
      const beginning = begun(`size-${entries}-${each}`, `user-${each}`, at);
      const stored = { ...beginning, hash: beginning.entries.at(-1)?.hash ?? '' };
      await log.append([beginning]);
      const next = decided(stored, [extended(at + 1000)]);
      const appending = performance.now();
      await log.append([next]);
      appends.push((performance.now() - appending) * 1000);
    }
    measured.push({ entries, load: median(loads), append: median(appends) });
  }
  await close();
  return measured;
}
