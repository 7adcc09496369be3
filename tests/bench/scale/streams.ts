import { once } from 'node:events';
import { createConnection } from 'node:net';
import { browserRequest } from '../browserRequest.ts';
import { connect } from '../connection.ts';
import { median, quantile } from '../figures.ts';
import type { ServerAnswer, ServerOrder } from '../orders.ts';
import { cores, startPinned, type Told } from '../pinned.ts';

/** What so many open streams are like. */
export interface Streams {
  readonly open: number;
  /** Memory of the server a stream, in kB. */
  readonly each: number;
  /** From the request that ends a session until its stream has said so, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** How many other requests were answered meanwhile, a second. */
  readonly others: number;
}

const streamsEach = 10;
const endings = 100;

/** A stream that is open, and what is called when it says something. */
interface Stream {
  said: (text: string) => void;
  readonly close: () => void;
}

async function openStream(port: number, token: string): Promise<Stream> {
  const socket = createConnection({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  socket.write(`GET /api/auth/stream HTTP/1.1\r\nHost: localhost:3000\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  const [first] = await once(socket, 'data');
  if (!String(first).startsWith('HTTP/1.1 200')) throw new Error(`A stream was answered with ${String(first)}`);
  const stream: Stream = { said: () => {}, close: () => socket.destroy() };
  socket.on('data', (bytes) => stream.said(bytes.toString()));
  return stream;
}

const rssOf = async (server: Told<ServerOrder, ServerAnswer>) => {
  await server.tell({ type: 'begin' });
  return (await server.tell({ type: 'end' })).rss ?? Number.NaN;
};

/** Asks about a thousand times a second, as far as there are answers. @returns how to stop, and how often it was. */
async function askMeanwhile(port: number, token: string) {
  const request = Buffer.from(browserRequest({ method: 'GET', answer: 'json' }, 'bearer', token), 'latin1');
  const connections = await Promise.all(Array.from({ length: 10 }, () => connect(port)));
  const busy = new Set<unknown>();
  let count = 0;
  const ask = async (connection: (typeof connections)[number]) => {
    busy.add(connection);
    await connection.ask(request);
    count += 1;
    busy.delete(connection);
  };
  const begin = performance.now();
  const asked = new Set<Promise<void>>();
  const timer = setInterval(() => {
    for (const each of connections)
      if (!busy.has(each)) {
        const asking = ask(each).finally(() => asked.delete(asking));
        asked.add(asking);
      }
  }, 10);
  return async () => {
    clearInterval(timer);
    const rate = count / ((performance.now() - begin) / 1000);
    await Promise.all(asked);
    for (const each of connections) each.close();
    return rate;
  };
}

/** Ends a session. @returns how long it took each of its streams to say so, in ms. */
async function end(port: number, token: string, streams: readonly Stream[]): Promise<readonly number[]> {
  const begin = performance.now();
  const told = streams.map(
    (stream) =>
      new Promise<number>((resolve) => {
        stream.said = (text) => void (text.includes('"ended"') && resolve(performance.now() - begin));
      }),
  );
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/logout`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`A sign-out was answered with ${answer.status}`);
  return Promise.all(told);
}

/** Opens many streams, ten of each session, and ends sessions while other requests go on. */
export async function measureStreams(count: number): Promise<Streams> {
  const server = await startPinned<ServerOrder, ServerAnswer>(cores.server, 'serve.ts', 'curfew', 'quiet');
  const { port = 0 } = server.first;
  const users = Array.from({ length: Math.ceil(count / streamsEach) + 1 }, (_, index) => `streaming-${index}`);
  const { credentials = [] } = await server.tell({ type: 'signIn', users, carrier: 'bearer' });
  const [other = '', ...tokens] = credentials;
  const before = await rssOf(server);
  const open = new Map<string, Stream[]>();
  for (const token of tokens)
    open.set(token, await Promise.all(Array.from({ length: streamsEach }, () => openStream(port, token))));
  const each = (await rssOf(server)) - before;
  const stop = await askMeanwhile(port, other);
  const took: number[] = [];
  for (const [token, streams] of [...open].slice(0, endings)) took.push(...(await end(port, token, streams)));
  const others = await stop();
  for (const stream of [...open.values()].flat()) stream.close();
  await server.stop();
  const all = tokens.length * streamsEach;
  return { open: all, each: each / all / 1000, p50: median(took), p99: quantile(took, 0.99), others };
}
