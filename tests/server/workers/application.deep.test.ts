import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { passwords } from '../../../server/accounts/passwords.ts';
import {
  bundleApplication,
  bundledApplication,
  editUsers,
  rowsOfUsers,
  startApplication,
} from '../../support/workers/application.ts';
import { faulty } from '../../support/workers/contract.ts';
import type { Running, Served } from '../../support/workers/workerd.ts';

const made = await bundledApplication();
const removals = [made.remove];
const running: Running[] = [];

/** An application whose objects are new. */
async function application(options: object = {}) {
  const own = await bundledApplication();
  removals.push(own.remove);
  return started(own.folder, options);
}

async function started(folder: string, options: object = {}, other: Partial<Served> = {}) {
  const one = await startApplication(folder, options, other);
  running.push(one);
  const ask = (method: string, path: string, { json, token, cookie, from }: Asked = {}) =>
    fetch(`${one.url}/api/auth/${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'Sec-Fetch-Site': 'same-origin',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { Cookie: cookie }),
        ...(from !== undefined && { 'CF-Connecting-IP': from }),
      },
      ...(json && { body: JSON.stringify(json) }),
    });
  return { ...one, folder, ask };
}

interface Asked {
  readonly json?: object;
  readonly token?: string;
  readonly cookie?: string;
  readonly from?: string;
}

type Application = Awaited<ReturnType<typeof application>>;

afterEach(async () => void (await Promise.all(running.splice(0).map(({ kill }) => kill()))));
afterAll(() => removals.forEach((remove) => remove()));

const ada = { username: 'ada', password: 'pässwörter für Ada' };
const bob = { username: 'bob', password: 'pässwörter für Bob' };
const bearer = { transport: 'bearer' };

const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

/** The cookie of somebody who has just registered. */
async function registered({ ask }: Application, user: typeof ada): Promise<string> {
  const answer = await ask('POST', 'register', { json: user });
  expect(answer.status).toBe(201);
  return cookieOf(answer);
}

const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];

test('a worker imports nothing that Node alone has', () => {
  const text = readFileSync(join(made.folder, 'worker.js'), 'utf8');
  const imported = [...text.matchAll(/^import .*"((?:node|cloudflare):[^"]+)";$/gm)].map(([, name = '']) => name);
  expect(new Set(imported)).toEqual(
    new Set([
      'cloudflare:workers',
      'node:async_hooks',
      'node:crypto',
      'node:module',
      'node:net',
      'node:os',
      'node:timers',
      'node:timers/promises',
      'node:util',
    ]),
  );
  expect(text).not.toContain('prom-client');
});

test('a session begins, is used, refreshed and streamed, and ends everywhere at once', async () => {
  const { ask } = await application();
  expect((await ask('POST', 'register', { json: { ...ada, ...bearer } })).status).toBe(201);
  const wrong = { ...ada, ...bearer, password: 'pässwörter für Adb' };
  expect(await codeOf(await ask('POST', 'login', { json: wrong }))).toEqual([401, 'invalid_credentials']);
  const { token } = await (await ask('POST', 'login', { json: { ...ada, ...bearer } })).json();
  expect(await codeOf(await ask('POST', 'register', { json: { ...ada, ...bearer } }))).toEqual([409, 'username_taken']);

  const me = await ask('GET', 'me', { token });
  expect([me.status, (await me.json()).user.username]).toEqual([200, 'ada']);
  expect(me.headers.get('Session-Status')).toContain('active');
  const refreshed = await (await ask('POST', 'refresh', { token, json: {} })).json();
  expect(refreshed.session.version).toBe(2);
  const { sessions } = await (await ask('GET', 'sessions', { token: refreshed.token })).json();
  expect(sessions).toHaveLength(2);
  const log = await (await ask('GET', `sessions/${sessions[0].id}/events`, { token: refreshed.token })).json();
  expect(log.events.map(({ type }: { type: string }) => type)).toContain('session.started');

  const stream = await ask('GET', 'stream', { token: refreshed.token });
  expect(stream.headers.get('Content-Type')).toContain('text/event-stream');
  expect((await ask('POST', 'logout', { token: refreshed.token, json: {} })).status).toBe(204);
  expect(await stream.text()).toContain('ended.signedOut');
  expect(await codeOf(await ask('GET', 'me', { token: refreshed.token }))).toEqual([401, 'session_ended']);

  const last = await (await ask('POST', 'login', { json: { ...ada, ...bearer } })).json();
  const json = { password: ada.password };
  expect((await ask('DELETE', 'me', { token: last.token, json })).status).toBe(204);
  expect(await codeOf(await ask('GET', 'me', { token: last.token }))).toEqual([401, 'session_ended']);
  expect((await ask('POST', 'register', { json: { ...bob, ...bearer, username: 'ada' } })).status).toBe(201);
});

describe('the routes of the application', () => {
  /** Somebody who has just registered, and how they ask for a route. */
  async function signedIn(options: object = {}) {
    const one = await application(options);
    const { token } = await (await one.ask('POST', 'register', { json: { ...ada, ...bearer } })).json();
    const call = (path: string, headers: object = {}, method = 'GET') =>
      fetch(`${one.url}/api/${path}`, { method, headers: { Authorization: `Bearer ${token}`, ...headers } });
    const activeAt = async () =>
      (await (await one.ask('GET', 'session-info', { token })).json()).session.lastActivityAt as number;
    return { ...one, token, call, activeAt };
  }

  test('let a live session in, with who it is, and nobody else', async () => {
    const { call, ask, token, url } = await signedIn();
    const hello = await call('hello');
    expect([hello.status, (await hello.json()).name]).toEqual([200, 'ada']);
    expect(hello.headers.get('Session-Status')).toContain('active');
    expect(await codeOf(await fetch(`${url}/api/hello`))).toEqual([401, 'unauthenticated']);
    expect((await ask('POST', 'logout', { token, json: {} })).status).toBe(204);
    const after = await call('hello');
    expect([after.status, (await after.json()).reason]).toEqual([401, 'signed_out']);
  });

  test('take no unsafe request of another site by its cookie', async () => {
    const one = await application();
    const Cookie = await registered(one, ada);
    const post = (site: string) =>
      fetch(`${one.url}/api/hello`, { method: 'POST', headers: { Cookie, 'Sec-Fetch-Site': site } });
    expect(await codeOf(await post('cross-site'))).toEqual([403, 'cross_site']);
    expect((await post('same-origin')).status).toBe(200);
  });

  test('keep the session alive for a person, and for nothing in the background', async () => {
    const { call, activeAt } = await signedIn({ policy: { activityResolution: 0 } });
    const began = await activeAt();
    await call('hello', { 'Session-Activity': 'background' });
    expect(await activeAt()).toBe(began);
    await vi.waitFor(async () => {
      await call('hello', { 'Session-Activity': 'user' });
      expect(await activeAt()).toBeGreaterThan(began);
    });
  });

  test('share their answers with a listed origin, refusals too, and with no other', async () => {
    const pages = 'https://app.example';
    const { url, token } = await signedIn({ origins: [pages] });
    const send = (path: string, Origin: string, method = 'GET', more: object = {}) =>
      fetch(`${url}/api/${path}`, { method, headers: { Origin, ...more } });
    const shared = (answer: Response) => [answer.status, answer.headers.get('Access-Control-Allow-Origin')];
    const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' };
    const Authorization = `Bearer ${token}`;
    for (const path of ['hello', 'auth/me']) {
      expect(shared(await send(path, pages, 'OPTIONS', asked)), path).toEqual([204, pages]);
      expect(shared(await send(path, pages, 'GET', { Authorization })), path).toEqual([200, pages]);
      expect(shared(await send(path, pages)), path).toEqual([401, pages]);
      expect(shared(await send(path, 'https://other.example', 'GET', { Authorization })), path).toEqual([200, null]);
    }
    expect(shared(await send('hello', pages, 'POST', { Authorization }))).toEqual([200, pages]);
  });

  test.each([
    ['ends', {}, true],
    ['lapses', { policy: { idleTimeout: 10_000, warnBefore: 1_000, absoluteTimeout: 60_000 } }, false],
  ])('are told by the signal when the session %s, as long as they answer', async (_, options, signsOut) => {
    const { call, ask, token } = await signedIn(options);
    const download = await call('download', { 'Session-Activity': 'background' });
    const reader = download.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toEqual({ done: false, value: 'begun' });
    if (signsOut) expect((await ask('POST', 'logout', { token, json: {} })).status).toBe(204);
    expect(await reader?.read()).toEqual({ done: false, value: ', and over' });
    expect((await reader?.read())?.done).toBe(true);
  });

  test('see that a session has ended while they answered', async () => {
    const { call } = await signedIn();
    expect(await codeOf(await call('leaving'))).toEqual([401, 'session_ended']);
  });
});

test('the password is hashed as Node hashes it, to its last letter', async () => {
  const one = await application();
  await registered(one, ada);
  await one.kill();
  const [row] = rowsOfUsers(one.folder, 'select password_hash from users');
  const keeper = passwords();
  const hash = String(row?.['password_hash']);
  expect([await keeper.verify(ada.password, hash), await keeper.verify('pässwörter für Adb', hash)]).toEqual([
    true,
    false,
  ]);
});

test('a guess makes no tables: those are of real users alone', async () => {
  const one = await application();
  const { token } = await (await one.ask('POST', 'register', { json: { ...ada, ...bearer } })).json();
  const forged = `${String(token).slice(0, -8)}AAAAAAAA`;
  for (const username of ['eve', 'mallory', 'oscar', ''])
    await one.ask('POST', 'login', { json: { ...bob, username } });
  for (const guess of [forged, 'x.y.z', `${token.split('.')[0]}.e30.AAAA`])
    await one.ask('GET', 'me', { token: guess });
  await one.ask('POST', 'register', { json: { ...bob, password: 'short' } });
  await one.ask('GET', 'me');
  await one.kill();
  expect(rowsOfUsers(one.folder, 'select count(*) as n from sessions')).toEqual([{ n: 1 }]);
});

describe('a sign-in where the browser has the cookie of another user', () => {
  test('is answered when the session of the other has ended', async () => {
    const one = await application();
    const jar = await registered(one, ada);
    await registered(one, bob);
    const answer = await one.ask('POST', 'login', { json: bob, cookie: jar });
    expect(answer.status).toBe(200);
    const after = await (await one.ask('GET', 'me', { cookie: jar })).json();
    expect([after.code, after.reason]).toEqual(['session_ended', 'displaced']);
    expect((await one.ask('GET', 'me', { cookie: cookieOf(answer) })).status).toBe(200);
    await one.kill();
    expect(rowsOfUsers(one.folder, `select key from single_use where key glob 'displacement*'`)).toEqual([]);
  });

  test('with bearer ends nothing', async () => {
    const one = await application();
    const jar = await registered(one, ada);
    await registered(one, bob);
    expect((await one.ask('POST', 'login', { json: { ...bob, ...bearer }, cookie: jar })).status).toBe(200);
    expect((await one.ask('GET', 'me', { cookie: jar })).status).toBe(200);
  });

  test('gets no credential while that end cannot be written, and the end comes by itself when it can', async () => {
    const own = await bundledApplication();
    removals.push(own.remove);
    await bundleApplication(own.folder, [
      faulty('server/workers/displacements.ts', {
        from: 'await objectOfSession(env, session)?.displace(session, by);',
        to: `throw new Error('the object is away');`,
      }),
    ]);
    const broken = await started(own.folder);
    const jar = await registered(broken, ada);
    await registered(broken, bob);
    const answer = await broken.ask('POST', 'login', { json: bob, cookie: jar });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []]);
    // Nor is anybody else let in there meanwhile.
    expect((await broken.ask('POST', 'login', { json: bob })).status).toBe(503);
    await broken.kill();

    await bundleApplication(own.folder);
    const sound = await started(own.folder);
    await vi.waitFor(
      async () => {
        const after = await (await sound.ask('GET', 'me', { cookie: jar })).json();
        expect([after.code, after.reason]).toEqual(['session_ended', 'displaced']);
      },
      { timeout: 50_000, interval: 100 },
    );
    expect((await sound.ask('POST', 'login', { json: bob })).status).toBe(200);
  });
});

describe('guessing', () => {
  const guess = { ...ada, password: 'not the password' };

  test('of one account is slowed down from the address that guesses, and from no other', async () => {
    const one = await application();
    await registered(one, ada);
    for (let n = 0; n < 5; n++)
      expect((await one.ask('POST', 'login', { json: guess, from: '192.0.2.1' })).status).toBe(401);
    const refused = await one.ask('POST', 'login', { json: guess, from: '192.0.2.1' });
    expect(await codeOf(refused)).toEqual([429, 'too_many_attempts']);
    expect((await one.ask('POST', 'login', { json: ada, from: '192.0.2.2' })).status).toBe(200);
  });

  test('of many accounts from one address stops after a hundred, in whichever objects they are', async () => {
    const one = await application();
    const tries = Array.from({ length: 100 }, (_, n) => n);
    for (const n of tries) {
      const json = { ...guess, username: `user ${n}` };
      expect((await one.ask('POST', 'login', { json, from: '192.0.2.1' })).status).toBe(401);
    }
    const more = await one.ask('POST', 'login', { json: { ...guess, username: 'one more' }, from: '192.0.2.1' });
    expect(more.status).toBe(429);
    const other = await one.ask('POST', 'login', { json: { ...guess, username: 'one more' }, from: '192.0.2.2' });
    expect(other.status).toBe(401);
  });
});

test('Promise 2 deadlines are written by alarms, at their own instant, though nobody asks and after a kill -9', async () => {
  const policy = { idleTimeout: 3_000, warnBefore: 1_000, restoreWindow: 1_000, absoluteTimeout: 60_000 };
  const first = await application({ policy });
  await Promise.all(Array.from({ length: 10 }, (_, n) => registered(first, { ...ada, username: `user ${n}` })));
  await first.kill();
  await started(first.folder, { policy });
  const entries = () =>
    rowsOfUsers(first.folder, `select at, recorded_at, to_leaf from events where type = 'clock.reached'`);
  const reached = (leaf: string) => entries().filter(({ to_leaf }) => to_leaf === leaf);
  await vi.waitFor(() => expect(reached('ended.expired')).toHaveLength(10), { timeout: 50_000, interval: 200 });
  const began = rowsOfUsers(first.folder, 'select started_at from sessions');
  expect(reached('lapsed.idle').map(({ at }) => at)).toEqual(
    began.map(({ started_at }) => Number(started_at) + policy.idleTimeout),
  );
  const late = entries().map(({ at, recorded_at }) => Number(recorded_at) - Number(at));
  console.info(`${late.length} deadlines by alarms after kill -9, latest ${Math.max(...late)} ms late`);
});

test('an object that a newer version has written is not used, with one line and 503', async () => {
  const one = await application();
  const jar = await registered(one, ada);
  await one.kill();
  editUsers(one.folder, 'update curfew_schema set version = 99');
  const again = await started(one.folder);
  expect(await codeOf(await again.ask('GET', 'me', { cookie: jar }))).toEqual([503, 'unavailable']);
  await vi.waitFor(() => expect(again.output()).toContain('was written by a newer version (schema 99'), {
    timeout: 50_000,
  });
});

describe('what is not as it has to be', () => {
  test.each([
    [
      'no binding of the users',
      { objects: { USERS: 'User', CURFEW_DIRECTORY: 'CurfewDirectory' } },
      'CURFEW_USERS must be bound',
    ],
    [
      'a short secret',
      { variables: { CURFEW_SECRET: 'short', OPTIONS: '{}' } },
      'CURFEW_SECRET must be a secret of at least 32 bytes',
    ],
    ['no secret', { variables: { OPTIONS: '{}' } }, 'CURFEW_SECRET must be a secret of at least 32 bytes'],
  ])('%s is told in one line, and answered 503', async (_, other, line) => {
    const one = await started(made.folder, {}, other);
    expect(await codeOf(await one.ask('GET', 'me'))).toEqual([503, 'unavailable']);
    await vi.waitFor(() => expect(one.output()).toContain(line), { timeout: 50_000 });
  });

  test('objects that count attempts and are away stop sign-ins with 503, and no session', async () => {
    const own = await bundledApplication();
    removals.push(own.remove);
    const sound = await started(own.folder);
    const jar = await registered(sound, ada);
    await sound.kill();
    const away = {
      from: '    if (at - this.#enteredAt',
      to: `    throw new Error('away');\n    if (at - this.#enteredAt`,
    };
    await bundleApplication(own.folder, [faulty('server/workers/directory.ts', away)]);
    const broken = await started(own.folder);
    expect(await codeOf(await broken.ask('POST', 'login', { json: ada }))).toEqual([503, 'unavailable']);
    expect((await broken.ask('GET', 'me', { cookie: jar })).status).toBe(200);
    expect((await fetch(`${broken.url}/api/hello`, { headers: { Cookie: jar } })).status).toBe(200);
  });

  test('a full disk is a 503, and every session that was acknowledged is there when it has room again', async () => {
    const own = await bundledApplication();
    removals.push(own.remove);
    const options = { policy: { maxSessions: 1_000 } };
    const sound = await started(own.folder, options);
    const jar = await registered(sound, ada);
    await sound.kill();
    const full = await started(own.folder, options, { longestFile: 1_000 });
    const tokens: string[] = [];
    let answer = await full.ask('POST', 'login', { json: { ...ada, ...bearer } });
    for (let n = 0; n < 500 && answer.status === 200; n++) {
      tokens.push((await answer.json()).token);
      answer = await full.ask('POST', 'login', { json: { ...ada, ...bearer } });
    }
    expect(await codeOf(answer), full.output()).toEqual([503, 'unavailable']);
    await full.kill();
    const again = await started(own.folder, options);
    expect((await again.ask('GET', 'me', { cookie: jar })).status).toBe(200);
    for (const token of tokens) expect((await again.ask('GET', 'me', { token })).status).toBe(200);
    expect(tokens.length).toBeGreaterThan(0);
    console.info(`${tokens.length} sign-ins before the disk was full, all there`);
  });
});
