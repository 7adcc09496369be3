import { measure, signedIn, type Bench } from '../measure.ts';
import type { Options } from '../options.ts';
import type { LoadAnswer, LoadOrder, ServerAnswer, ServerOrder } from '../orders.ts';
import { median } from '../figures.ts';
import { cores, startPinned } from '../pinned.ts';
import type { Scene } from '../peer.ts';

/** Copies of sessions: as they are kept by default, none that is ever found, and none that is looked for. */
export type Cache = 'on' | 'missing' | 'off';

/** What a server is like that has so many live sessions. */
export interface Live {
  readonly sessions: number;
  readonly cache: Cache;
  /** From the first line to the first request, in ms. */
  readonly opening: number;
  /** Of one that has done nothing, and after the measurement, in MB. */
  readonly rssAtStart: number;
  readonly rss: number;
  /** CPU time a request, in µs, and how long answers took, in ms. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

const scene: Scene = { method: 'GET', answer: 'json' };
const options: Options = {
  names: [],
  rounds: 1,
  seconds: 2,
  connections: 32,
  credentials: 1000,
  isWriting: false,
};

/** The same thousand users, beside ever more sessions; beside the fewest of them without copies, too. */
export async function measureLive(counts: readonly number[]): Promise<readonly Live[]> {
  const fewest = Math.min(...counts);
  const runs = [
    ...counts.map((sessions) => ({ sessions, cache: 'on' as Cache })),
    ...(['missing', 'off'] as const).map((cache) => ({ sessions: fewest, cache })),
  ];
  const load = await startPinned<LoadOrder, LoadAnswer>(cores.load, 'load.ts');
  const bare = await startPinned<ServerOrder, ServerAnswer>(cores.server, 'serve.ts', 'bare', '');
  const bench: Bench = { load, bare, options };
  const all: Live[] = [];
  for (const { sessions, cache } of runs) {
    const variant = cache === 'on' ? `live-${sessions}` : `live-${sessions}-${cache}`;
    const server = await startPinned<ServerOrder, ServerAnswer>(cores.server, 'serve.ts', 'curfew', variant);
    await server.tell({ type: 'begin' });
    const { rss: atStart = Number.NaN } = await server.tell({ type: 'end' });
    const credentials = await signedIn(server, 'cookie', options.credentials);
    const cell = { scene, carrier: 'cookie', credentials: credentials.length } as const;
    const samples = await measure(bench, server, {}, cell, credentials);
    const of = (name: 'cpu' | 'p50' | 'p99' | 'rss') => median(samples.map((sample) => sample[name]));
    all.push({
      sessions,
      cache,
      opening: server.first.opening ?? Number.NaN,
      rssAtStart: atStart / 1e6,
      rss: of('rss') / 1e6,
      cpu: of('cpu'),
      p50: of('p50'),
      p99: of('p99'),
    });
    await server.stop();
  }
  await Promise.all([bare.stop(), load.stop()]);
  return all;
}
