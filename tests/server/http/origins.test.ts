import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../server/handlers.ts';
import type { SessionEnv } from '../../../server/index.ts';
import { expectNoTrace } from '../../support/server/refusal.ts';
import { Client, createWorld } from '../../support/server/world.ts';

const front = 'https://front.example.com';
const elsewhere = 'https://front.example.org';
const origins = [front, elsewhere, 'http://localhost:5173'];

const from = (Origin: string, site = 'cross-site') => ({ Origin, 'Sec-Fetch-Site': site });

/** A server on `http://localhost` with listed origins, and an own route that needs a session. */
async function listing() {
  const world = await createWorld({ origins });
  const { protect, routes } = createHandlers(world.parts);
  const app = new Hono<SessionEnv>();
  app.use('/api/*', protect()).route('/', routes);
  app.get('/api/report', (c) => c.json({ of: c.var.session.user }));
  app.post('/api/broken', () => {
    throw new Error('broken');
  });
  app.onError((_error, c) => c.text('broken', 500));
  const client = (transport: 'cookie' | 'bearer' = 'bearer') => new Client(app, transport);
  const preflight = (path: string, Origin: string, wanted = 'POST') =>
    client().raw('OPTIONS', path, {
      headers: {
        ...from(Origin),
        'Access-Control-Request-Method': wanted,
        'Access-Control-Request-Headers': 'authorization,content-type,session-activity,session-id',
      },
    });
  return { world, pass: world.pass, client, preflight };
}

const isReadableBy = (headers: Headers) => ({
  origin: headers.get('Access-Control-Allow-Origin'),
  credentials: headers.get('Access-Control-Allow-Credentials'),
  exposed: headers.get('Access-Control-Expose-Headers'),
  vary: headers.get('Vary'),
});
/** Of Curfew's own routes no answer can be put into a cache at all. */
const uncached = '*, Origin';
const readable = (origin: string, vary = 'Origin') => ({
  origin,
  credentials: 'true',
  exposed: 'Session-Status, ETag, WWW-Authenticate, Retry-After, Content-Disposition',
  vary,
});
const unreadable = { origin: null, credentials: null, exposed: null, vary: 'Origin' };

describe('a front end on a listed origin', () => {
  it.each(['/api/auth/login', '/api/auth/me', '/api/drafts/letter', '/api/report', '/api/nowhere'])(
    'has its preflight to %s answered and kept, which was a 405',
    async (path) => {
      const { preflight } = await listing();
      const { status, headers } = await preflight(path, front, 'PUT');
      expect(status).toBe(204);
      expect(Object.fromEntries([...headers].filter(([name]) => /^access|^vary/.test(name)))).toEqual({
        'access-control-allow-origin': front,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'Authorization, Session-Id, Session-Activity, If-Match, Content-Type, Idempotency-Key',
        'access-control-max-age': '7200',
        vary: 'Origin',
      });
    },
  );

  it('signs in by bearer from another site, asks, and is told why it may not: every answer is its to read', async () => {
    const { client, pass } = await listing();
    const ada = client();
    const register = { username: 'ada', password: 'correct horse', transport: 'bearer' };
    const answers = [
      await ada.post('/api/auth/register', register, from(elsewhere)),
      await ada.post('/api/auth/activity', { ageMs: 0 }, from(elsewhere)),
      await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'AAAA', savedAt: 1 }, from(elsewhere)),
      await ada.post('/api/auth/activity', { ageMs: -1 }, from(elsewhere)),
      await ada.get('/api/auth/nowhere', from(elsewhere)),
      await ada.get('/api/report', from(elsewhere)),
      await ada.post('/api/broken', {}, from(elsewhere)),
      await client().get('/api/report', from(elsewhere)),
    ];
    pass(31 * 60_000);
    answers.push(await ada.get('/api/report', from(elsewhere)));
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 201, 422, 404, 200, 500, 401, 401]);
    for (const [index, { headers, text }] of answers.entries())
      expect(isReadableBy(headers), text).toEqual(readable(elsewhere, index < 5 ? uncached : 'Origin'));
  });

  it('speaks by cookie from the same site: a listed origin wins over Sec-Fetch-Site', async () => {
    const { client } = await listing();
    const ada = client('cookie');
    const same = from(front, 'same-site');
    const register = { username: 'ada', password: 'correct horse' };
    expect((await ada.post('/api/auth/register', register, same)).status).toBe(201);
    expect((await ada.post('/api/auth/refresh', {}, same)).status).toBe(200);
    expect(isReadableBy((await ada.get('/api/report', same)).headers)).toEqual(readable(front));
  });

  it.each(['login', 'register'])(
    'is refused a cookie from another site at %s before anything is made, and told of bearer',
    async (path) => {
      const { world, client } = await listing();
      const ada = client();
      await ada.register();
      const body = { username: path === 'login' ? 'ada' : 'bob', password: 'correct horse' };
      const attempt = () => client('cookie').post(`/api/auth/${path}`, body, from(elsewhere));
      const answer = await expectNoTrace(world, ada, attempt, 'cross_site_refused');
      expect(answer.body).toMatchObject({ status: 403, code: 'cross_site', transport: 'bearer' });
      expect(answer.headers.get('Set-Cookie')).toBeNull();
      expect(isReadableBy(answer.headers)).toEqual(readable(elsewhere, uncached));
      expect((await world.users.byName('bob')) ?? null).toBeNull();
    },
  );

  it('is told the same where its browser does not say the site, by the hosts', async () => {
    const { client } = await listing();
    const body = { username: 'ada', password: 'correct horse' };
    const nobody = client('cookie');
    Object.defineProperty(nobody, 'headers', { value: {} });
    const other = await nobody.post('/api/auth/register', body, { Origin: elsewhere });
    expect(other.body).toMatchObject({ code: 'cross_site', transport: 'bearer' });
    const same = await nobody.post('/api/auth/register', body, { Origin: 'http://localhost:5173' });
    expect(same.status).toBe(201);
  });
});

describe('an origin that is not listed', () => {
  it.each([
    'https://front.example.com:8443',
    'http://front.example.com',
    'https://x.front.example.com',
    'https://evil.example',
    'null',
    'http://localhost',
  ])('is refused, by cookie and at sign-in, and can read nothing: %s', async (Origin) => {
    const { client, preflight } = await listing();
    const ada = client('cookie');
    await ada.register();
    for (const site of ['cross-site', 'same-site']) {
      const refresh = await ada.post('/api/auth/refresh', {}, from(Origin, site));
      expect(refresh.body).toMatchObject({ status: 403, code: 'cross_site' });
      expect(isReadableBy(refresh.headers)).toEqual({ ...unreadable, vary: uncached });
      const login = { username: 'ada', password: 'correct horse', transport: 'bearer' };
      expect((await ada.post('/api/auth/login', login, from(Origin, site))).status).toBe(403);
    }
    expect(isReadableBy((await ada.get('/api/report', from(Origin))).headers)).toEqual(unreadable);
    const { headers, status } = await preflight('/api/report', Origin);
    expect(status).toBe(401);
    expect(isReadableBy(headers)).toEqual(unreadable);
  });

  it('is anybody’s where none is listed: nothing is added to any answer', async () => {
    const world = await createWorld();
    const ada = world.client();
    await ada.register();
    const { headers } = await ada.get('/api/settings', from(front));
    expect([...headers.keys()].filter((name) => /^access-control|^vary/.test(name))).toEqual([]);
  });
});

describe('plain http on a name of the network', () => {
  const lan = 'http://nas.lan:3000';

  it.each(['login', 'register'])(
    'is told to use https at %s before anything is made, and so is the log once',
    async (path) => {
      const world = await createWorld();
      const ada = world.client('bearer');
      await ada.register();
      const nobody = world.client('cookie');
      Object.defineProperty(nobody, 'headers', { value: { Origin: lan } });
      const body = { username: path === 'login' ? 'ada' : 'bob', password: 'correct horse' };
      const request = async () =>
        world.app.request(`${lan}/api/auth/${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Origin: lan },
          body: JSON.stringify(body),
        });
      const answer = await expectNoTrace(world, ada, request);
      expect(await answer.json()).toMatchObject({
        status: 403,
        code: 'https_required',
        title: 'This address needs https.',
      });
      expect(answer.headers.get('Set-Cookie')).toBeNull();
      await request();
      expect(await world.users.byName('bob')).toBeNull();
      expect(world.lines.filter(({ msg }) => msg === 'warning')).toEqual([
        {
          msg: 'warning',
          level: 'warn',
          warning: `a sign-in at ${lan} was refused: browsers keep the session cookie over https only`,
        },
      ]);
    },
  );

  it('is no hindrance in bearer mode, behind a proxy with TLS, on this machine, or to a program', async () => {
    const world = await createWorld();
    const signIn = (address: string, headers: Record<string, string>, username: string, transport = 'cookie') =>
      world.app.request(`${address}/api/auth/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ username, password: 'correct horse', transport }),
      });
    expect((await signIn(lan, { Origin: lan }, 'one', 'bearer')).status).toBe(201);
    const proxied = { Origin: 'https://nas.lan', 'Sec-Fetch-Site': 'same-origin' };
    expect((await signIn('http://nas.lan', proxied, 'two')).status).toBe(201);
    for (const [index, here] of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'].entries())
      expect((await signIn(here, { Origin: here }, `three ${index}`)).status, here).toBe(201);
    expect((await signIn(lan, {}, 'four')).status).toBe(201);
  });
});
