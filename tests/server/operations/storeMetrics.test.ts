import { join } from 'node:path';
import { Hono } from 'hono';
import { expect, it, onTestFinished } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { createCurfew, passwords, type SessionEnv } from '../../../server/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { folder } from '../../support/server/folder.ts';
import { Client, cost, secret, t0 } from '../../support/server/world.ts';

async function measured() {
  let now = t0;
  const curfew = await createCurfew({
    store: sqlite(join(folder(), 'curfew.db')),
    secret,
    accounts: passwords({ cost, register: true }),
    address: () => '127.0.0.1',
    clock: () => now,
    write: () => {},
  });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>().route('/', curfew.operations);
  app.use('/api/*', curfew.protect()).route('/', curfew.routes);
  const lines = async () => (await (await app.request('/metrics')).text()).split('\n');
  return { curfew, app, lines, pass: (ms: number) => (now += ms) };
}

it('counts ends and lapses by their reason', async () => {
  const { app, lines, pass } = await measured();
  const [ada, bob] = [new Client(app, 'bearer'), new Client(app, 'bearer')];
  await ada.register('ada');
  await bob.register('bob');
  await ada.post('/api/auth/logout');
  pass(minutes(31));
  expect((await bob.get('/api/auth/me')).status).toBe(401);
  const counted = await lines();
  expect(counted).toContain('curfew_session_ends_total{reason="signedOut"} 1');
  expect(counted).toContain('curfew_session_lapses_total{reason="idle"} 1');
});

it('counts requests that a copy of the session let in, and those for which it was read', async () => {
  const { app, lines, pass } = await measured();
  app.get('/api/work', (c) => c.text(c.var.session.id));
  const ada = new Client(app, 'bearer');
  await ada.register();
  await lines();
  for (const _ of [1, 2, 3]) expect((await ada.get('/api/work')).status).toBe(200);
  // The copy was made when the session began.
  expect(await lines()).toContain('curfew_session_copies_total{outcome="hit"} 3');
  pass(minutes(31));
  expect((await ada.get('/api/work')).status).toBe(401);
  const counted = await lines();
  expect(counted).toContain('curfew_session_copies_total{outcome="miss"} 1');
  expect(counted).toContain('curfew_session_copies_total{outcome="hit"} 3');
});

it('measures appends, how many share a commit, what is due, and who listens', async () => {
  const { app, lines, pass } = await measured();
  await lines();
  const clients = Array.from({ length: 5 }, () => new Client(app, 'bearer'));
  await Promise.all(clients.map((client, index) => client.register(`user${index}`)));
  const [ada] = clients;
  if (!ada) throw new Error('nobody is there');
  const stream = await app.request('/api/auth/stream', { headers: ada.headers });
  const before = await lines();
  expect(before).toContain('curfew_append_duration_seconds_count{outcome="appended"} 5');
  expect(before).toContain('curfew_commit_appends_sum 5');
  expect(before).toContain('curfew_session_listeners 1');
  expect(before).toContain('curfew_sessions_due 0');
  await stream.body?.cancel();
  await expect.poll(lines).toContain('curfew_session_listeners 0');
  pass(minutes(26));
  expect(await lines()).toContain('curfew_sessions_due 5');
});
