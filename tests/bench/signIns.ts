import { fork } from 'node:child_process';
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { createCurfew, passwords } from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';

/**
 * What other requests wait while fifty sign-ins are answered: prints the 50th and the 99th percentile of a request that
 * only asks for its session, alone and meanwhile, in ms. Passwords cost what they cost by default. The server is a
 * process of its own.
 *
 *     node tests/bench/signIns.ts [ROUNDS]
 */

const origin = 'http://127.0.0.1';
const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };

async function server(): Promise<void> {
  const { protect, routes } = await createCurfew({
    store: memory(),
    secret: 'a secret of at least thirty-two bytes',
    accounts: passwords({ register: true }),
    write() {},
  });
  const app = new Hono();
  app.use('/api/*', protect());
  app.route('/', routes);
  app.get('/api/hello', (c) => c.json({ hello: 'there' }));
  const listening = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(listening, 'listening');
  process.send?.(listening.address());
  process.on('disconnect', () => process.exit(0));
}

const post = (url: string, path: string, body: object) =>
  fetch(`${url}/api/auth/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

const percentile = (all: readonly number[], share: number) =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;

async function measure(rounds: number): Promise<void> {
  const child = fork(import.meta.filename, ['serve']);
  const { port } = z.object({ port: z.number() }).parse((await once(child, 'message'))[0]);
  const url = `${origin}:${port}`;
  const registered = await post(url, 'register', {
    username: 'ada',
    password: 'correct horse battery',
    transport: 'bearer',
  });
  const { token } = z.object({ token: z.string() }).parse(await registered.json());
  const ask = async () => {
    const before = performance.now();
    const answer = await fetch(`${url}/api/hello`, { headers: { Authorization: `Bearer ${token}` } });
    await answer.text();
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    return performance.now() - before;
  };

  for (let count = 0; count < 500; count++) await ask();
  const alone: number[] = [];
  const meanwhile: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let count = 0; count < 200; count++) alone.push(await ask());
    const answered = new Set<number>();
    const user = { username: `user ${round}`, password: 'correct horse battery', transport: 'bearer' };
    await post(url, 'register', user);
    const signIns = Array.from({ length: 50 }, async (_, index) => {
      const { status } = await post(url, 'login', user);
      if (status !== 200 && status !== 409) throw new Error(`a sign-in was answered ${status}`);
      answered.add(index);
    });
    while (answered.size < 50) meanwhile.push(await ask());
    await Promise.all(signIns);
  }
  for (const [name, all] of Object.entries({ alone, 'while 50 sign-ins wait': meanwhile }))
    console.log(
      `${name.padEnd(24)} p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms (${all.length} requests)`,
    );
  child.disconnect();
}

await (process.argv[2] === 'serve' ? server() : measure(Number(process.argv[2] ?? 5)));
