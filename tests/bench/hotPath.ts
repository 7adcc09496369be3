import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createCurfew, type CurfewOptions } from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';
import { postgres } from '../../server/postgres/index.ts';
import { sqlite } from '../../server/sqlite/index.ts';

/**
 * Prints what a request that changes nothing costs beside the same handler on bare Hono: CPU time of the server, which
 * has a core to itself, as a ratio, and bytes allocated above it.
 *
 *     node tests/bench/hotPath.ts [KINDS, as in sqlite,memory] [REQUESTS A ROUND] [ROUNDS] [SESSIONS] [WHICH, as in 'c.json, cookie']
 *
 * A kind is `sqlite`, `memory` or the address of a PostgreSQL database, with `-off` behind it where sessions are not to be
 * cached, or `-recorded` where each request is to be recorded. With CURFEW_PROFILE=FOLDER the servers write a CPU profile there.
 */

const [first = 'sqlite', requests = '20000', rounds = '5', sessions = '1000', only = ''] = process.argv.slice(2);
const atOnce = 32;
const origin = 'http://127.0.0.1';
/** As Chromium sends them with a `fetch` of a page. */
const chromium = [
  'Host: 127.0.0.1',
  'Connection: keep-alive',
  'sec-ch-ua-platform: "Linux"',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'sec-ch-ua: "Chromium";v="141", "Not?A_Brand";v="8"',
  'sec-ch-ua-mobile: ?0',
  'Accept: */*',
  'Sec-Fetch-Site: same-origin',
  'Sec-Fetch-Mode: cors',
  'Sec-Fetch-Dest: empty',
  'Referer: http://127.0.0.1/workspace',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Accept-Language: en-GB,en;q=0.9',
];

const scenes = [
  { name: 'GET, c.json, cookie', method: 'GET', path: '/api/json', transport: 'cookie' },
  { name: 'GET, c.json, bearer', method: 'GET', path: '/api/json', transport: 'bearer' },
  { name: 'GET, new Response, cookie', method: 'GET', path: '/api/raw', transport: 'cookie' },
  { name: 'GET, a stream, cookie', method: 'GET', path: '/api/stream', transport: 'cookie' },
  { name: 'POST, c.json, cookie', method: 'POST', path: '/api/json', transport: 'cookie' },
] as const;

type Scene = (typeof scenes)[number];

function optionsOf(kind: string, folder: string): Pick<CurfewOptions, 'store' | 'sessionCache' | 'policy'> {
  const name = kind.replace(/-(off|recorded)$/, '');
  const options = {
    ...(kind.endsWith('-off') && { sessionCache: false as const }),
    ...(kind.endsWith('-recorded') && { policy: { activityResolution: 0 } }),
  };
  if (name === 'memory') return { store: memory(), ...options };
  if (name === 'sqlite') return { store: sqlite(join(folder, 'curfew.db')), ...options };
  return { store: postgres(name), ...options };
}

async function serveOne(kind: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const app = new Hono();
  const tokens: string[] = [];
  if (kind !== 'bare') {
    const curfew = await createCurfew({
      ...optionsOf(kind, folder),
      secret: 'a secret of at least thirty-two bytes',
      accounts: false,
      write: () => {},
    });
    const door = new Hono().post('/', async (c) => {
      const signedIn = await curfew.signIn(c, {
        user: c.req.query('user') ?? '',
        method: ['otp'],
        authenticatedAt: Date.now(),
        transport: 'bearer',
      });
      return signedIn.ok ? c.text(signedIn.token ?? '') : signedIn.response;
    });
    for (let number = 0; number < Number(sessions); number += 1)
      tokens.push(await (await door.request(`${origin}/?user=user-${number}`, { method: 'POST' })).text());
    app.use('/api/*', curfew.protect());
  }
  app.all('/api/json', (c) => c.json({ hello: 'world' }));
  app.all('/api/raw', () => new Response('hello', { headers: { 'Content-Type': 'text/plain' } }));
  app.all('/api/stream', () => new Response(new Blob(['hello']).stream()));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  let cpu = process.cpuUsage();
  let heap = 0;
  process.on('message', (message) => {
    if (message === 'begin') {
      globalThis.gc?.();
      heap = process.memoryUsage().heapUsed;
      cpu = process.cpuUsage();
      process.send?.({});
      return;
    }
    if (message === 'stop') process.exit();
    const { user, system } = process.cpuUsage(cpu);
    process.send?.({ micros: user + system, bytes: process.memoryUsage().heapUsed - heap });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: typeof address === 'object' ? address?.port : 0, tokens });
}

interface Told {
  readonly port: number;
  readonly tokens: readonly string[];
  readonly micros: number;
  readonly bytes: number;
}

async function told(server: ChildProcess): Promise<Told> {
  const [message]: unknown[] = await once(server, 'message');
  return { port: 0, tokens: [], micros: 0, bytes: 0, ...(typeof message === 'object' ? message : {}) };
}

/** What is sent for one of the sessions. */
function requestOf({ method, path, transport }: Scene, token: string): Buffer {
  const credential =
    transport === 'bearer'
      ? `Authorization: Bearer ${token}`
      : `Cookie: theme=dark; _ga=GA1.1.1; __Host-curfew=${token}; locale=en; seen=1`;
  const body = method === 'POST' ? ['Content-Length: 0', `Origin: ${origin}`] : [];
  return Buffer.from([`${method} ${path} HTTP/1.1`, ...chromium, credential, ...body, '', ''].join('\r\n'));
}

/** Asks on one connection after another answer has come, until nothing is left. */
function ask(port: number, next: () => Buffer | null, isRight: (answer: string) => boolean): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  return new Promise((resolve, reject) => {
    let answer = '';
    const send = () => {
      const request = next();
      if (request) socket.write(request);
      else socket.end(resolve);
    };
    const isWhole = () => {
      const end = answer.indexOf('\r\n\r\n');
      if (end === -1) return false;
      const length = /content-length: (\d+)/i.exec(answer)?.[1];
      return length === undefined ? answer.endsWith('0\r\n\r\n') : answer.length >= end + 4 + Number(length);
    };
    socket.setEncoding('latin1').on('error', reject);
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (!isWhole()) return;
      if (!isRight(answer)) reject(new Error(answer));
      answer = '';
      send();
    });
    socket.on('connect', send);
  });
}

/** Has this process never sleep while it asks: a server would pay for waking it, and a slow one more often. */
function keepAwake(): () => void {
  let isAwake = true;
  const turn = () => void (isAwake && setImmediate(turn));
  turn();
  return () => (isAwake = false);
}

const servers: ChildProcess[] = [];

async function start(kind: string, ...flags: string[]) {
  const profile = process.env['CURFEW_PROFILE'];
  const profiling =
    profile && flags.length === 0
      ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${kind.replace(/\W/g, '_')}.cpuprofile`]
      : [];
  const server = fork(import.meta.filename, [kind, requests, rounds, sessions], {
    env: { ...process.env, CURFEW_BENCH_SERVE: kind },
    execArgv: [...process.execArgv, ...profiling, '--expose-gc', ...flags],
  });
  servers.push(server);
  spawnSync('taskset', ['-a', '-p', '-c', String(cpus().length - 1), String(server.pid)]);
  const { port, tokens } = await told(server);
  const isRight = (answer: string) =>
    answer.startsWith('HTTP/1.1 200') &&
    (kind === 'bare' || (/session-status: active/i.test(answer) && /cache-control: no-store/i.test(answer)));
  return {
    async round(scene: Scene, count: number): Promise<Told> {
      const all = (tokens.length > 0 ? tokens : ['none']).map((token) => requestOf(scene, token));
      server.send('begin');
      await told(server);
      let sent = 0;
      const next = () => (sent < count ? (all[sent++ % all.length] ?? null) : null);
      const sleep = keepAwake();
      await Promise.all(Array.from({ length: atOnce }, () => ask(port, next, isRight)));
      sleep();
      server.send('end');
      return told(server);
    },
    stop: () => server.send('stop'),
  };
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

async function compare(): Promise<void> {
  const kinds = ['bare', ...first.split(',')];
  const started = await Promise.all(kinds.map((kind) => start(kind)));
  const roomySpace = ['--min-semi-space-size=512', '--max-semi-space-size=512'];
  const roomy = await Promise.all(kinds.map((kind) => start(kind, ...roomySpace)));
  for (const scene of scenes.filter(({ name }) => name.includes(only))) {
    const spent = kinds.map((): number[] => []);
    for (const server of started) await server.round(scene, Number(requests) / 2);
    for (let round = 0; round < Number(rounds); round += 1)
      for (const [index, server] of started.entries())
        spent[index]?.push((await server.round(scene, Number(requests))).micros / Number(requests));
    const bytes: number[] = [];
    for (const server of roomy) {
      await server.round(scene, 8_000);
      bytes.push((await server.round(scene, 5_000)).bytes / 5_000);
    }
    const [bare = NaN, ...others] = spent.map(median);
    console.log(`${scene.name.padEnd(28)}bare ${bare.toFixed(1)} µs, ${Math.round(bytes[0] ?? NaN)} bytes`);
    for (const [index, micros] of others.entries()) {
      const more = Math.round((bytes[index + 1] ?? NaN) - (bytes[0] ?? NaN));
      const of = (kinds[index + 1] ?? '').replace(/^.*@/, '');
      console.log(
        `  ${of.padEnd(24)} ${micros.toFixed(1)} µs, ratio ${(bare / micros).toFixed(3)}, ${more} bytes above`,
      );
    }
  }
  for (const server of [...started, ...roomy]) server.stop();
}

const kind = process.env['CURFEW_BENCH_SERVE'];
await (kind === undefined ? compare() : serveOne(kind));
