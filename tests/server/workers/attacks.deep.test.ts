import { request } from 'node:http';
import { expect, test } from 'vitest';
import { rowsOfUsers } from '../../support/workers/application.ts';
import { faulty } from '../../support/workers/contract.ts';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const password = 'pässwörter für alle';
const ada = { username: 'ada', password, transport: 'bearer' };

const namesIn = ({ folder }: Application) =>
  rowsOfUsers(folder, 'select username from users')
    .map(({ username }) => username)
    .toSorted();

/** Asks for a path as it is written, and for a socket. @returns the status; a socket is 101 */
const upgrade = (
  { port }: Application,
  { path, method = 'GET', headers }: { path: string; method?: string; headers: Record<string, string> },
): Promise<number> =>
  new Promise((answered, failed) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.alloc(16, 7).toString('base64'),
        ...headers,
      },
    });
    const done = (status = 0) => (asked.destroy(), answered(status));
    asked.on('upgrade', (response) => done(response.statusCode));
    asked.on('response', (response) => done(response.statusCode));
    asked.on('error', failed);
    asked.end();
  });

const spelled = [
  ['a letter of the path as its code', 'api/auth/%72egister', (json: object) => JSON.stringify(json)],
  ['a letter of what is before it', 'api/%61uth/register', (json: object) => JSON.stringify(json)],
  ['a mark in front of the body', 'api/auth/register', (json: object) => `\uFEFF${JSON.stringify(json)}`],
  [
    'spaces around the name',
    'api/auth/register',
    (json: object) => JSON.stringify({ ...json, username: ' \u00A0ADA\u2003' }),
  ],
] as const;

test.each(spelled)('a name that is another’s cannot be had with %s, nor kept elsewhere', async (_, path, body) => {
  const one = await made.fresh();
  await tokenOf(one, 'register', 'ada');
  const eve = await tokenOf(one, 'register', 'eve');
  const headers = { 'Content-Type': 'application/json' };
  for (const token of [undefined, eve]) {
    const answer = await one.ask(path, { method: 'POST', body: body(ada), token, headers });
    expect.soft(answer.status).toBeGreaterThanOrEqual(400);
  }
  await one.kill();
  expect(namesIn(one)).toEqual(['ada', 'eve']);
});

test('an object that a registration comes to by mistake makes no account of another’s name', async () => {
  const astray = faulty('server/workers/route.ts', {
    from: 'objectOfName(env, name);',
    to: 'objectOfName(env, `another ${name}`);',
  });
  for (const options of [{}, { ownUsers: [], ownRegister: true }]) {
    const one = await made.fresh(options, [astray]);
    expect((await one.ask('api/auth/register', { json: ada })).status).toBe(500);
    expect((await one.ask('api/auth/login', { json: ada })).status).toBe(401);
    await one.kill();
    expect(namesIn(one)).toEqual([]);
  }
});

test.each([
  ['GET', '/api/auth/stream'],
  ['GET', '/api/auth/%73tream'],
  ['GET', '/api/%61uth/stream'],
  ['GET', '/%61pi/auth/stream'],
  ['GET', '/api/auth/stream?a=b'],
  ['GET', '/api/auth/stream/'],
  ['HEAD', '/api/auth/stream'],
  ['POST', '/api/auth/stream'],
  ['GET', '/api/auth/me'],
  ['GET', '/api/hello'],
])('a browser has no socket to an object: %s %s', async (method, path) => {
  const one = await made.fresh();
  const token = await tokenOf(one, 'register', 'ada');
  for (const listener of ['browser', 'signal']) {
    const headers = { Authorization: `Bearer ${token}`, 'Curfew-Listener': listener };
    expect.soft(await upgrade(one, { method, path, headers })).not.toBe(101);
  }
  expect(await (await one.ask('api/sockets', { token })).json()).toBeLessThanOrEqual(2);
});
