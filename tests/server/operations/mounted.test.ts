import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { createCurfew, passwords, type SessionEnv } from '../../../server/index.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { cost, secret, t0 } from '../../support/server/world.ts';

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
