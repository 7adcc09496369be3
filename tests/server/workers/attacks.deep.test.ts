import { request } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { rowsOfUsers } from '../../support/workers/application.ts';
import { faulty } from '../../support/workers/contract.ts';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const password = 'pässwörter für alle';
const ada = { username: 'ada', password, transport: 'bearer' };

const namesIn = ({ folder }: Application) =>
  rowsOfUsers(folder, 'select username from users')
    .map(({ username }) => String(username))
    .toSorted((a, b) => a.localeCompare(b));

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

const ownUsers = [
  { id: 'user-1', username: 'ada', password },
  { id: 'user-2', username: 'bob\uFFFD', password: `${password}\uFFFD` },
];
const json = { 'Content-Type': 'application/json' };

test('a user of the application signs in whatever bytes say the same text', async () => {
  const one = await made.fresh({ ownUsers });
  const bytes = (text: string) => Buffer.from(text.replaceAll('\uFFFD', '\xFF'), 'latin1');
  const latin = {
    username: 'bob\xFF',
    password: Buffer.from(password).toString('latin1') + '\xFF',
    transport: 'bearer',
  };
  const bodies: [BodyInit, string][] = [
    [`\uFEFF${JSON.stringify(ada)}`, 'user-1'],
    [new Uint8Array(bytes(JSON.stringify(latin))), 'user-2'],
  ];
  for (const [body, user] of bodies) {
    const answer = await fetch(`${one.url}/api/auth/login`, { method: 'POST', headers: json, body });
    const text = await answer.text();
    expect.soft([answer.status, text]).toEqual([200, expect.stringContaining(user)]);
  }
});

test('a name that nobody has is answered just like a wrong password', async () => {
  for (const options of [{ ownUsers }, { ownUsers, ownRegister: true }, {}]) {
    const one = await made.fresh(options);
    if (!('ownUsers' in options)) await tokenOf(one, 'register', 'ada');
    const told = await Promise.all(
      ['ada', 'nobody'].map(async (username) => {
        const key = { 'Idempotency-Key': crypto.randomUUID() };
        const answer = await one.ask('api/auth/login', { json: { ...ada, username, password: 'wrong' }, headers: key });
        return [answer.status, [...answer.headers].filter(([name]) => name !== 'date'), await answer.json()];
      }),
    );
    expect(told[1]).toEqual(told[0]);
    await one.kill();
    expect(rowsOfUsers(one.folder, `select key from single_use where key like 'sign-in%'`)).toEqual([]);
  }
});

test('a sign-in that is sent many times at once is one session, with what it displaces', async () => {
  const one = await made.fresh({ ownUsers });
  const before = await one.ask('api/auth/login', { json: { ...ada, transport: 'cookie' } });
  const cookie = before.headers.getSetCookie()[0]?.split(';')[0];
  const again = { username: 'bob\uFFFD', password: `${password}\uFFFD` };
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => one.ask('api/auth/login', { json: again, cookie, headers })),
  );
  const ids = await Promise.all(answers.map(async (answer) => [answer.status, (await answer.json()).session?.id]));
  expect([new Set(ids.map(String)).size, ids[0]?.[0]]).toEqual([1, 200]);
  expect((await one.ask('api/auth/me', { cookie })).status).toBe(401);
  await one.kill();
  const alive = 'select user from sessions where ended_at is null';
  expect(rowsOfUsers(one.folder, alive)).toEqual([{ user: 'user-2' }]);
});

test('a token that is none, or names another’s object, opens nothing there', async () => {
  const one = await made.fresh();
  const [first, second] = [await tokenOf(one, 'register', 'ada'), await tokenOf(one, 'register', 'eve')];
  const [head, payload = '', signature] = first.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const own = JSON.parse(Buffer.from(second.split('.')[1] ?? '', 'base64url').toString());
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged = [
    `${encoded({ alg: 'none' })}.${payload}.`,
    `${head}.${encoded({ ...claims, gen: 99 })}.${signature}`,
    `${second.split('.')[0]}.${encoded({ ...own, sid: claims.sid })}.${second.split('.')[2]}`,
    `${second.split('.')[0]}.${encoded({ ...own, sub: claims.sub })}.${second.split('.')[2]}`,
  ];
  const paths = [
    'api/hello',
    'api/auth/me',
    'api/auth/sessions',
    'api/admin/sessions',
    'api/auth/stream',
    'api/drafts',
  ];
  for (const token of forged)
    for (const path of paths) {
      const cookie = `__Host-curfew=${second}`;
      for (const more of [{}, { cookie }]) {
        const answer = await one.ask(path, { token, ...more });
        const text = answer.status === 200 && path.endsWith('stream') ? '' : await answer.text();
        expect.soft([path, text.includes(claims.sid), text.includes('ada')]).toEqual([path, false, false]);
        if (!('cookie' in more)) expect.soft([path, answer.status]).toEqual([path, 401]);
      }
    }
});

describe('an end of all sessions', () => {
  test('long ago refuses nobody who comes for the first time', async () => {
    const one = await made.fresh({ ownUsers, ownRegister: true });
    await one.call('revoke', { target: 'all', how: { reason: 'leak' } });
    const guesses = ['ada', 'eve'].map((username) =>
      one.ask('api/auth/login', { json: { ...ada, username, password: '?' } }),
    );
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual([401, 401]);
    expect(rowsOfUsers(one.folder, 'select 1 from single_use')).toEqual([]);
    const both = await Promise.all([ada, ada].map((each) => one.ask('api/auth/login', { json: each })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await one.ask('api/auth/register', { json: { ...ada, username: 'eve' } })).status).toBe(201);
  });

  test('while a right password is looked at refuses it', async () => {
    const call = 'return reach(() => other.completeSignIn(request, { person, authEpoch }));';
    const one = await made.fresh({ ownUsers }, [
      faulty('server/workers/elsewhere.ts', {
        from: call,
        to: `await revokeEverywhere(env, { at: Date.now(), by: 'application', reason: 'leak' });\n      ${call}`,
      }),
      faulty('server/workers/elsewhere.ts', {
        from: `import { reach } from './reach.ts';`,
        to: `import { reach } from './reach.ts';\nimport { revokeEverywhere } from './revokeEverywhere.ts';`,
      }),
    ]);
    expect((await one.ask('api/auth/login', { json: ada })).status).toBe(401);
    await one.kill();
    expect(rowsOfUsers(one.folder, 'select user from sessions where ended_at is null')).toEqual([]);
  });
});

test('many streams at once are sixteen, and all are told the end, signals of requests with a body too', async () => {
  const one = await made.fresh();
  const token = await tokenOf(one, 'register', 'ada');
  const downloads = await Promise.all([1, 2, 3].map((n) => one.ask('api/download', { token, json: { n } })));
  const streams = await Promise.all(Array.from({ length: 40 }, () => one.ask('api/auth/stream', { token })));
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
  const texts = Promise.all(streams.map((stream) => stream.text()));
  const sockets = async () => (await one.ask('api/sockets', { token })).json();
  await vi.waitFor(async () => expect(await sockets()).toBe(16 + downloads.length), { timeout: 20_000 });
  const told = await one.ask('api/auth/logout', { token, json: {} });
  expect(told.status).toBe(204);
  const ended = (await texts).filter((text) => text.includes('"reason":"signed_out"'));
  expect(ended).toHaveLength(16);
  for (const download of downloads) expect(await download.text()).toBe('begun, and over');
});
