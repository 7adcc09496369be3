import { browserRequest } from './browserRequest.ts';
import type { LoadAnswer, LoadOrder, ServerAnswer, ServerOrder } from './orders.ts';
import type { Options } from './options.ts';
import type { Carrier, Peer, Scene } from './peer.ts';
import type { Told } from './pinned.ts';

/** A server that was started. */
export interface Running extends Told<ServerOrder, ServerAnswer> {
  readonly first: ServerAnswer;
}

/** What is measured of one server at a time. */
export interface Cell {
  readonly scene: Scene;
  readonly carrier: Carrier;
  /** How many credentials take turns. */
  readonly credentials: number;
}

/** What was measured in one slice of time. */
export interface Sample {
  /** CPU time of the server a request, in µs. */
  readonly cpu: number;
  /** That of bare Hono, just before and just after. */
  readonly bare: readonly [before: number, after: number];
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** Writes to the store a thousand requests, `null` where that is not known. */
  readonly writes: number | null;
  /** In bytes. */
  readonly rss: number;
}

/** Everything that measures. */
export interface Bench {
  readonly load: Told<LoadOrder, LoadAnswer>;
  readonly bare: Running;
  readonly options: Options;
}

/** How much more of a core bare Hono leaves: 1 for bare Hono itself, 0.5 for what takes twice its CPU time. */
export const ratioOf = ({ cpu, bare: [before, after] }: Sample): number => (before + after) / 2 / cpu;

interface Asked {
  readonly requests: readonly string[];
  readonly bodies: readonly (string | null)[];
  readonly heads: readonly string[];
  /** How many requests are sent at least before anything is measured. */
  readonly least: number;
}

/** A slice is so short that a neighbour on the machine slows down what stands before and after it, too. In ms. */
const sliceOf = (seconds: number) => {
  const slices = Math.max(1, Math.round(seconds / 0.2));
  return { slices, ms: (seconds * 1000) / slices };
};

/** How long a server answers a kind of request for the first time before it is measured, in ms: it is compiled by then. */
const longWarmUp = 2000;
const warmed = new WeakMap<Running, Set<string>>();

function warmUpOf(server: Running, { method, answer }: Scene, ms: number): number {
  const scenes = warmed.get(server) ?? new Set();
  warmed.set(server, scenes);
  const scene = `${method} ${answer}`;
  const isWarm = scenes.has(scene);
  scenes.add(scene);
  return isWarm ? ms / 3 : Math.max(ms / 3, longWarmUp);
}

async function slice({ load, options }: Bench, server: Running, scene: Scene, asked: Asked, ms: number) {
  const { port = 0 } = server.first;
  const warmUp = warmUpOf(server, scene, ms);
  const { connections } = options;
  const ready = await load.tell({ type: 'prepare', port, connections, warmUp, ...asked });
  if (ready.fault !== null) throw new Error(ready.fault);
  await server.tell({ type: 'begin' });
  const { count, p50, p99, fault } = await load.tell({ type: 'go', ms });
  const { cpu = Number.NaN, rss = Number.NaN, writes } = await server.tell({ type: 'end' });
  if (fault !== null) throw new Error(fault);
  return { cpu: cpu / count, p50, p99, rss, writes: writes === undefined ? null : (writes / count) * 1000 };
}

const usersOf = (count: number) => Array.from({ length: count }, (_, index) => `user${index + 1}`);

/** Signs all users in by which a server is measured. */
export async function signedIn(server: Running, carrier: Carrier, count: number): Promise<readonly string[]> {
  const { credentials = [] } = await server.tell({ type: 'signIn', users: usersOf(count), carrier });
  return credentials;
}

/**
 * Measures a server for some slices of time, and bare Hono before and after each of them with the same requests.
 *
 * @throws with the first answer that is not as it has to be
 */
export async function measure(
  bench: Bench,
  server: Running,
  { heads = [] }: Pick<Peer, 'heads'>,
  { scene, carrier, credentials: count }: Cell,
  credentials: readonly string[],
): Promise<readonly Sample[]> {
  const requests = credentials.slice(0, count).map((each) => browserRequest(scene, carrier, each));
  const bodies = usersOf(count).map((user) => JSON.stringify({ hello: user }));
  const { slices, ms } = sliceOf(bench.options.seconds);
  const ofBare = () => slice(bench, bench.bare, scene, { requests, bodies: [], heads: [], least: 0 }, ms);
  const samples: Sample[] = [];
  let before = await ofBare();
  for (let index = 0; index < slices; index += 1) {
    // Each credential was used once before it is measured: its first use is written down.
    const least = index === 0 ? count : 0;
    const measured = await slice(bench, server, scene, { requests, bodies, heads, least }, ms);
    const after = await ofBare();
    samples.push({ ...measured, bare: [before.cpu, after.cpu] });
    before = after;
  }
  return samples;
}
