import { Hono } from 'hono';
import { expect, it, onTestFinished } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createCurfew, passwords, type SessionEnv } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { Client, cost, secret, t0 } from '../../support/server/world.ts';

/** An application of one's own with what operators ask for, before which nothing else has been asked. */
async function mounted() {
  const accounts = passwords({ cost, register: true });
  const address = () => '127.0.0.1';
  const curfew = await createCurfew({ store: memory(), secret, accounts, address, write: () => {} });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>().route('/', curfew.operations);
  const counts = async () => {
    const text = await (await app.request('/metrics')).text();
    return text.split('\n').filter((line) => line.startsWith('curfew_requests_total{'));
  };
  return { curfew, app, counts };
}

it('counts every request that comes to protect or to the routes once, by route and status', async () => {
  const { curfew, app, counts } = await mounted();
  app.get('/elsewhere', (c) => c.text('nothing of Curfew'));
  app.use('/api/*', curfew.protect());
  app.use('/api/hello/*', curfew.protect({ recent: minutes(10) }));
  app.get('/api/hello/:name', (c) => c.text('hello'));
  app.get('/api/broken', () => {
    throw new Error('broken');
  });
  app.onError((_, c) => c.text('sorry', 500));
  app.route('/', curfew.routes);
  const ada = new Client(app, 'bearer');
  await ada.get('/api/hello/ada');
  await ada.register();
  await ada.get('/api/hello/ada');
  await ada.get('/api/broken');
  await ada.get('/api/auth/nowhere');
  await ada.get('/.well-known/jwks.json');
  await ada.get('/elsewhere');
  const count = (method: string, route: string, status: number) =>
    `curfew_requests_total{method="${method}",route="${route}",status="${status}"} 1`;
  expect(await counts()).toEqual([
    count('GET', '/api/hello/:name', 401),
    count('POST', '/api/auth/register', 201),
    count('GET', '/api/hello/:name', 200),
    count('GET', '/api/broken', 500),
    count('GET', 'none', 404),
    count('GET', '/.well-known/jwks.json', 200),
  ]);
});

it('counts what Curfew answers without an application of Hono, and what it fails to judge', async () => {
  const { curfew, app, counts } = await mounted();
  app.use('/api/*', curfew.protect()).get('/api/hello', (c) => c.text('hello'));
  const ada = new Client({ request: async (path, init) => curfew.fetch(new Request(path, init)) }, 'bearer');
  await ada.register();
  await curfew.close();
  const { status } = await app.request('/api/hello', { headers: ada.headers });
  expect(status).toBe(503);
  expect(await counts()).toEqual([
    'curfew_requests_total{method="POST",route="/api/auth/register",status="201"} 1',
    'curfew_requests_total{method="GET",route="/api/hello",status="503"} 1',
  ]);
});

it('any application can mount what operators ask for', async () => {
  const database = openDatabase(':memory:');
  const accounts = passwords({ cost, register: true });
  let now = t0;
  const clock = () => now;
  const address = () => '127.0.0.1';
  const curfew = await createCurfew({ store: sqlite(database), secret, accounts, clock, address, write: () => {} });
  const app = new Hono<SessionEnv>();
  app.route('/', curfew.operations);
  app.use('/api/*', curfew.protect());
  app.route('/', curfew.routes);
  const get = async (path: string) => {
    const answer = await app.request(path);
    return { status: answer.status, text: await answer.text() };
  };
  expect(await get('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' });
  expect(await get('/readyz')).toEqual({ status: 200, text: '{"status":"ready"}' });
  expect((await get('/openapi.json')).text).toContain('"/api/auth/login"');
  expect((await get('/docs')).text).toContain('<h1>The routes</h1>');

  expect((await get('/metrics')).text).not.toContain('session.started"} 1');
  const body = JSON.stringify({ username: 'ada', password: 'correct horse', transport: 'bearer' });
  const headers = { 'Content-Type': 'application/json' };
  expect((await app.request('/api/auth/register', { method: 'POST', headers, body })).status).toBe(201);
  expect((await get('/metrics')).text).toContain('curfew_session_events_total{type="session.started"} 1');

  database.close();
  now += seconds(2);
  const refused = await get('/readyz');
  expect(refused.status).toBe(503);
  expect(refused.text).toContain('"code":"unavailable"');
  await curfew.close();
});
