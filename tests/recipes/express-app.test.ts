import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { events } from '../support/recipes/events.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => void (application = await recipe('express-app')));
afterAll(cleanUp);

const password = 'correct horse battery';

test('routes of Express are for live sessions alone, and say in their headers how the session stands', async () => {
  const { url } = await application.start('server.ts', { IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  const nobody = await visitor.get('/api/letters');
  expect({ status: nobody.status, code: nobody.body.code }).toEqual({ status: 401, code: 'unauthenticated' });
  expect((await visitor.post('/api/auth/register', { username: 'ada', password })).status).toBe(201);
  const sent = await visitor.post('/api/letters', { text: 'Dear Charles,' });
  expect(sent.status).toBe(201);
  expect(sent.headers['session-status']).toMatch(/^active/);
  expect((await visitor.get('/api/letters')).body).toEqual({ of: 'ada', letters: ['Dear Charles,'] });

  await visitor.until('lapsed');
  const refused = await visitor.post('/api/letters', { text: 'too late' });
  expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 401, code: 'session_lapsed' });
  expect(refused.headers['www-authenticate']).toBeDefined();
  expect((await visitor.post('/api/auth/reauthenticate', { password })).status).toBe(200);
  expect((await visitor.get('/api/letters')).body.letters).toEqual(['Dear Charles,']);
});

test('a form of another site is refused by Express before it is read', async () => {
  const { url } = await application.start('server.ts');
  const visitor = new Visitor(url);
  await visitor.post('/api/auth/register', { username: 'barbara', password });
  const headers = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
  const forged = await visitor.send('POST', '/api/letters', { headers, json: { text: 'forged' } });
  expect({ status: forged.status, code: forged.body.code }).toEqual({ status: 403, code: 'cross_site' });
  expect((await visitor.get('/api/letters')).body.letters).toEqual([]);
});

test('event streams come through Express while they are open, and a user who is deleted is signed out', async () => {
  const { url } = await application.start('server.ts');
  const visitor = new Visitor(url);
  await visitor.post('/api/auth/register', { username: 'grace', password });
  const stream = await events(visitor, '/api/auth/stream');
  try {
    expect(await stream.next()).toMatchObject({ data: { state: 'active' } });
    expect((await visitor.post('/api/leave')).status).toBe(204);
    expect(await stream.next()).toMatchObject({ data: { state: 'ended' } });
  } finally {
    stream.close();
  }
  expect((await visitor.get('/api/letters')).status).toBe(401);
});
