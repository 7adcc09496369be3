import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => void (application = await recipe('long-requests')));
afterAll(cleanUp);

async function signedIn(url: string, username: string): Promise<Visitor> {
  const visitor = new Visitor(url);
  const answer = await visitor.post('/api/auth/register', { username, password: 'correct horse battery' });
  expect(answer.status).toBe(201);
  return visitor;
}
const cookieOf = ({ cookies }: Visitor) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** A request whose head goes out at once, and whose body when it is told. */
function begin(visitor: Visitor, method: string, path: string) {
  const sent = request(`${visitor.url}${path}`, {
    method,
    agent: false,
    headers: {
      Cookie: cookieOf(visitor),
      'Sec-Fetch-Site': 'same-origin',
      ...(method !== 'GET' && { 'Content-Length': 10, Expect: '100-continue' }),
    },
  });
  sent.flushHeaders();
  return { sent, answered: once(sent, 'response').then(([answer]) => answer as IncomingMessage) };
}

const socketOf = (visitor: Visitor, origin: string) =>
  new WebSocket(`${visitor.url.replace('http', 'ws')}/api/live`, { headers: { Cookie: cookieOf(visitor) }, origin });

test('an upload whose body is still under way when its session ends stores nothing', async () => {
  const { url } = await application.start('server.ts');
  const visitor = await signedIn(url, 'ada');
  const whole = begin(visitor, 'PUT', '/api/files/whole');
  whole.sent.end('0123456789');
  expect((await whole.answered).statusCode).toBe(201);

  const { sent, answered } = begin(visitor, 'PUT', '/api/files/broken');
  await once(sent, 'continue');
  sent.write('01234');
  const leaving = new Visitor(url);
  for (const [name, value] of visitor.cookies) leaving.cookies.set(name, value);
  expect((await leaving.post('/api/auth/logout')).status).toBe(204);
  sent.end('56789');
  expect((await answered).statusCode).toBe(401);
  const other = await signedIn(url, 'barbara');
  expect((await other.get('/api/files')).body).toEqual({ files: ['whole'] });
});

test.each(['sign-out', 'lapse'])(
  'a download breaks off, and a socket is closed, with the %s of its session',
  async (how) => {
    const { url } = await application.start('server.ts', how === 'lapse' ? { IDLE_SECONDS: '6' } : {});
    const visitor = await signedIn(url, how);
    const download = begin(visitor, 'GET', '/api/export');
    const answer = await download.answered;
    await once(answer, 'data');
    answer.resume();
    const brokenOff = once(answer, 'error');
    const socket = socketOf(visitor, url);
    const closed = once(socket, 'close');
    expect(String((await once(socket, 'message'))[0])).toMatch(/^hello /);

    if (how === 'sign-out') await visitor.post('/api/auth/logout');
    expect((await closed)[0]).toBe(4401);
    await brokenOff;
    expect(answer.complete).toBe(false);
  },
);

test.each(['http://localhost:1', 'https://elsewhere.example'])('a page of %s opens no socket', async (origin) => {
  const { url } = await application.start('server.ts');
  const visitor = await signedIn(url, `grace-${new URL(origin).hostname}`);
  const socket = socketOf(visitor, origin);
  socket.on('error', () => {});
  const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  expect(refused.statusCode).toBe(403);
  refused.resume();
});
