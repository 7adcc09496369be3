import { describe, expect, it } from 'vitest';
import { seconds, type SessionView } from '../../../../machines/index.ts';
import { answerWithin, createClient, signInWithin } from '../../../../web/client/http/client.ts';
import { createServerClock } from '../../../../web/client/device/clock.ts';
import { Refused } from '../../../../web/client/http/problem.ts';
import { createReauthenticationLock } from '../../../../web/client/http/reauthenticationLock.ts';
import { createTokenStore } from '../../../../web/client/http/tokens.ts';
import { createTime, quiet, vaultKey, viewWith } from '../../../support/tab.ts';

const origin = 'http://curfew.test';

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
const isObject = (body: unknown): body is object => typeof body === 'object';
const refused = (code: string, members: object = {}) =>
  new Response(JSON.stringify({ code, ...members }), {
    status: 401,
    headers: { 'Content-Type': 'application/problem+json' },
  });

/** What a proof is answered with. */
const admission = (version: number, token?: string) =>
  json({
    session: viewWith({ version }),
    user: { id: 'u1', username: 'ada' },
    vaultKey: vaultKey(1),
    ...(token !== undefined && { token }),
  });

/** A network holds what is on its way; without it, a request that nobody looks at any more is never aborted. */
const onTheirWay = new Set<Request>();

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

function given(transport: 'cookie' | 'bearer' = 'cookie', locks?: LockManager) {
  const time = createTime();
  const items = new Map<string, string>();
  const local = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  const tokens = transport === 'bearer' ? createTokenStore(local) : null;
  tokens?.write('t1');
  const seen: Seen[] = [];
  const heard: unknown[] = [];
  let known: { id: string; version: number } | null = { id: 's1', version: 1 };
  let answer: (request: Seen) => Response | Promise<Response> = () => json({});
  const client = createClient({
    baseUrl: origin,
    basePath: '/api',
    async fetch(input, init) {
      const request = input instanceof Request ? input : new Request(input, init);
      onTheirWay.add(request);
      const path = request.url.replace(origin, '');
      const one = { method: request.method, path, headers: request.headers, body: await request.text() };
      seen.push(one);
      const answered = Promise.resolve(answer(one));
      const aborted = new Promise<never>((_, reject) =>
        request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      );
      return Promise.race([answered, aborted]).finally(() => onTheirWay.delete(request));
    },
    clock: createServerClock(time.device),
    timer: time.timer,
    activity: { declare: (asked) => ({ header: asked ?? 'user;age=7', arrived: () => heard.push('arrived') }) },
    tokens,
    reauthenticationLock: createReauthenticationLock({ locks, timer: time.timer }),
    known: () => known,
    announce: ({ version }) => heard.push(['announced', version]),
    onView(view: SessionView) {
      known = { id: view.id, version: view.version };
      heard.push(['view', view.version]);
    },
    onRefused: (reason) => heard.push(['refused', reason]),
    onLost: () => heard.push('lost'),
    onRefresh: (event) => heard.push([event.type, 'problem' in event ? (event.problem?.code ?? null) : null]),
  });
  return {
    client,
    time,
    tokens,
    seen,
    heard,
    answers: (next: typeof answer) => (answer = next),
    knows: (next: typeof known) => (known = next),
    paths: () => seen.map(({ path }) => path),
  };
}

describe('the client', () => {
  it('says of every request which session it is about and what the person did', async () => {
    const { client, seen, heard } = given();
    await client.fetch('/api/conversations', { method: 'POST', body: '{}', headers: { 'X-Mine': 'yes' } });
    await client.fetch('/api/conversations', { activity: 'background' });
    expect(seen.map(({ headers }) => headers.get('Session-Activity'))).toEqual(['user;age=7', 'background']);
    expect(seen[0]?.headers.get('Session-Id')).toBe('s1');
    expect(seen[0]?.headers.get('X-Mine')).toBe('yes');
    expect(seen[0]?.headers.get('Authorization')).toBeNull();
    expect(heard).toEqual(['arrived', 'arrived']);
  });

  it('keeps what a Request says itself', async () => {
    const { client, seen } = given('bearer');
    await client.fetch(new Request(`${origin}/api/x`, { method: 'PUT', body: 'text', headers: { 'X-Mine': 'yes' } }));
    expect(seen[0]).toMatchObject({ method: 'PUT', path: '/api/x', body: 'text' });
    expect(seen[0]?.headers.get('X-Mine')).toBe('yes');
    expect(seen[0]?.headers.get('Authorization')).toBe('Bearer t1');
  });

  it('ASVS 14.2.1 gives neither token nor session to anybody else’s server', async () => {
    const { client, seen } = given('bearer');
    await client.fetch('https://elsewhere.test/api/x');
    await client.fetch(new URL('http://curfew.test:81/api/x'));
    for (const { headers } of seen)
      for (const name of ['Authorization', 'Session-Id', 'Session-Activity']) expect(headers.get(name)).toBeNull();
  });

  it('renews an expired token once for however many requests, then repeats each once', async () => {
    const { client, tokens, paths, seen, answers } = given('bearer');
    answers(({ path, headers }) => {
      if (path === '/api/auth/refresh') return json({ session: viewWith({ version: 2 }), token: 't2' });
      return headers.get('Authorization') === 'Bearer t2' ? json({ fine: true }) : refused('token_expired');
    });
    const bodies = ['a', 'b', 'c'];
    const responses = await Promise.all(bodies.map((body) => client.fetch(`/api/${body}`, { method: 'POST', body })));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(paths().filter((path) => path === '/api/auth/refresh')).toHaveLength(1);
    expect(seen.find(({ path }) => path === '/api/auth/refresh')?.body).toBe('{"intent":"rotate"}');
    expect(seen.slice(-3).map(({ body }) => body)).toEqual(bodies);
    expect(tokens?.read()).toBe('t2');
  });

  it('renews for Curfew’s own routes as well, so that a remembered session survives a night', async () => {
    const { client, paths, answers } = given('bearer');
    answers(({ path, headers }) => {
      if (path === '/api/auth/refresh') return json({ session: viewWith({ version: 2 }), token: 't2' });
      return headers.get('Authorization') === 'Bearer t2' ? json({ user: 1 }) : refused('token_expired');
    });
    await client.call('/me', (body): body is unknown => body !== null);
    expect(paths()).toEqual(['/api/auth/me', '/api/auth/refresh', '/api/auth/me']);
  });

  it('only reads the token again when another tab has renewed it', async () => {
    const { client, tokens, paths, answers } = given('bearer');
    answers(({ headers }) => {
      if (headers.get('Authorization') !== 'Bearer t1') return json({});
      tokens?.write('t9');
      return refused('token_expired');
    });
    expect((await client.fetch('/api/x')).status).toBe(200);
    expect(paths()).toEqual(['/api/x', '/api/x']);
  });

  it('never repeats a request more than once', async () => {
    const { client, paths, answers } = given();
    answers(({ path }) => (path === '/api/auth/refresh' ? json({ session: viewWith({}) }) : refused('token_expired')));
    expect((await client.fetch('/api/x')).status).toBe(401);
    expect(paths()).toEqual(['/api/x', '/api/auth/refresh', '/api/x']);
  });

  it('has one refresh on its way at a time, and makes an answer of a person wait for a rotation', async () => {
    const { client, seen, answers } = given();
    const gates: (() => void)[] = [];
    answers(async () => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return json({ session: viewWith({ version: 2 }) });
    });
    const asked = [
      client.refresh('rotate'),
      client.refresh('rotate'),
      client.refresh('extend'),
      client.refresh('extend'),
    ];
    await quiet();
    expect(gates).toHaveLength(1);
    gates[0]?.();
    await quiet();
    expect(gates).toHaveLength(2);
    gates[1]?.();
    await Promise.all(asked);
    expect(seen.map(({ body }) => body)).toEqual(['{"intent":"rotate"}', '{"intent":"extend"}']);
    const again = [client.refresh('extend'), client.refresh('rotate')];
    await quiet();
    gates[2]?.();
    await Promise.all(again);
    expect(seen).toHaveLength(3);
  });

  it('shows why a refresh failed, until one works', async () => {
    const { client, heard, answers } = given();
    answers(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(client.refresh('extend')).rejects.toMatchObject({ code: 'network' });
    answers(() => json({ session: viewWith({ version: 2 }) }));
    await client.refresh('extend');
    expect(heard.filter((each) => Array.isArray(each) && each[0].startsWith('refresh'))).toEqual([
      ['refresh.began', null],
      ['refresh.ended', 'network'],
      ['refresh.began', null],
      ['refresh.ended', null],
    ]);
  });

  it('does not let another tab’s newer token be overwritten by a refresh, but by a re-authentication', async () => {
    const { client, tokens, answers } = given('bearer');
    answers(() => {
      tokens?.write('t3');
      return json({ session: viewWith({ version: 2 }), token: 't2' });
    });
    await client.refresh('rotate');
    expect(tokens?.read()).toBe('t3');
    answers(() => admission(3, 't7'));
    await client.prove('right');
    expect(tokens?.read()).toBe('t7');
  });

  it.each([
    ['session_lapsed', ['refused', 'idle']],
    ['session_ended', ['refused', 'idle']],
    ['unauthenticated', 'lost'],
    ['invalid_token', 'lost'],
    ['token_superseded', 'lost'],
  ])('knows what a 401 %s means, and leaves the answer to the caller', async (code, follows) => {
    const { client, heard, answers } = given();
    answers(() => refused(code, { reason: 'idle' }));
    const response = await client.fetch('/api/x');
    expect(await response.json()).toMatchObject({ code });
    expect(heard).toEqual([follows]);
  });

  it('asks how the session is, once, when an answer bears a newer version', async () => {
    const { client, heard, paths, answers } = given();
    answers(({ path }) =>
      path === '/api/auth/session-info'
        ? json({ session: viewWith({ version: 4 }) })
        : json({}, 200, { 'Session-Status': 'active; expires-in=1500; version=4' }),
    );
    await Promise.all([client.fetch('/api/a'), client.fetch('/api/b')]);
    await quiet();
    expect(paths().filter((path) => path === '/api/auth/session-info')).toHaveLength(1);
    expect(heard).toContainEqual(['view', 4]);
    await client.fetch('/api/c');
    await quiet();
    expect(paths()).toHaveLength(4);
  });

  it('renews no token for the event stream, for nobody has to be here for it', async () => {
    const { client, heard, paths, answers } = given();
    answers(() => refused('token_expired'));
    expect((await client.listen(new AbortController().signal)).status).toBe(401);
    expect(paths()).toEqual(['/api/auth/stream']);
    expect(heard).toEqual([]);
    answers(() => refused('session_ended', { reason: 'revoked' }));
    await client.listen(new AbortController().signal);
    expect(heard).toEqual([['refused', 'revoked']]);
  });

  describe.each([
    ['with locks', navigator.locks],
    ['where the browser has no locks', undefined],
  ])('while a proof is on its way, %s', (_, locks) => {
    it('asks again once it is answered, for the server has voided the token already', async () => {
      const { client, heard, paths, answers } = given('cookie', locks);
      let hasDecided = false;
      let arrives = () => {};
      let isNew = false;
      answers(async ({ path }) => {
        if (path !== '/api/auth/reauthenticate') return isNew ? json({}) : refused('token_superseded');
        hasDecided = true;
        await new Promise<void>((resolve) => (arrives = resolve));
        isNew = true;
        return admission(2);
      });
      const proof = client.prove('right');
      await expect.poll(() => hasDecided).toBe(true);
      const asked = client.fetch('/api/x');
      await quiet();
      expect(paths()).toEqual(['/api/auth/reauthenticate', '/api/x']);
      arrives();
      await proof;
      expect((await asked).status).toBe(200);
      expect(paths()).toEqual(['/api/auth/reauthenticate', '/api/x', '/api/x']);
      expect(heard).not.toContain('lost');
    });

    it('waits no longer than an answer may take', async () => {
      const { client, time, heard, answers } = given('cookie', locks);
      answers(({ path }) =>
        path === '/api/auth/reauthenticate' ? new Promise<Response>(() => {}) : refused('token_superseded'),
      );
      const proof = client.prove('right').catch(() => {});
      const asked = client.fetch('/api/x');
      await time.pass(signInWithin);
      await Promise.all([proof, asked]);
      expect(heard).toEqual(['lost']);
      expect(time.pending()).toEqual([]);
    });
  });

  it('asks once more for an extension whose token a proof in another tab has voided, when that is answered', async () => {
    const { client, paths, answers } = given('cookie', navigator.locks);
    let arrives = () => {};
    const elsewhere = createReauthenticationLock({ locks: navigator.locks, timer: () => () => {} });
    const proof = elsewhere.during(() => new Promise<void>((resolve) => (arrives = resolve)));
    await expect.poll(async () => (await navigator.locks.query()).held?.length).toBe(1);
    let isNew = false;
    answers(() => (isNew ? json({ session: viewWith({ version: 3 }) }) : refused('token_superseded')));
    const extended = client.refresh('extend');
    await quiet();
    expect(paths()).toEqual(['/api/auth/refresh']);
    isNew = true;
    arrives();
    await proof;
    expect((await extended).version).toBe(3);
    expect(paths()).toEqual(['/api/auth/refresh', '/api/auth/refresh']);
  });

  it('gives up on an answer that does not come, so that the person can try again', async () => {
    const { client, time, answers } = given();
    answers(() => new Promise(() => {}));
    const asked = client.refresh('extend').catch((error: unknown) => error);
    await time.pass(answerWithin - 1);
    await time.pass(1);
    expect(await asked).toMatchObject({ code: 'network' });
    expect(await asked).toBeInstanceOf(Refused);
    expect(time.pending()).toEqual([]);
    expect(answerWithin).toBeLessThan(seconds(20));
  });

  it('takes no refusal of the session before for one of this session', async () => {
    const { client, heard, answers, knows } = given();
    let gate = Promise.withResolvers<Response>();
    answers(() => gate.promise);
    for (const asked of [() => client.fetch('/api/x'), () => client.call('/vault-key', isObject).catch(() => {})]) {
      gate = Promise.withResolvers();
      knows({ id: 's1', version: 1 });
      const late = asked();
      await quiet();
      knows({ id: 's2', version: 1 });
      gate.resolve(refused('session_ended', { reason: 'signed_out' }));
      await late;
    }
    expect(heard).toEqual([]);
  });

  it('turns a refusal into a value with code, detail and when to try again', async () => {
    const { client, answers } = given();
    answers(() => json({ code: 'too_many_attempts', detail: 'Wait.' }, 429, { 'Retry-After': '30' }));
    await expect(client.call('/login', isObject, { method: 'POST', json: {}, anonymous: true })).rejects.toMatchObject({
      code: 'too_many_attempts',
      detail: 'Wait.',
      retryAfter: seconds(30),
    });
  });

  it('signs in without the token and the session of the user before', async () => {
    const { client, seen } = given('bearer');
    await client.call('/login', isObject, { method: 'POST', json: {}, anonymous: true });
    expect(seen[0]?.headers.get('Session-Id')).toBeNull();
    expect(seen[0]?.headers.get('Authorization')).toBeNull();
  });
});
