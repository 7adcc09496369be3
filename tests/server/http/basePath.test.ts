import { hc } from 'hono/client';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../server/handlers.ts';
import type { CurfewRoutes, SessionEnv } from '../../../server/index.ts';
import { Client, createWorld, type World } from '../../support/server/world.ts';

type Mount = (app: Hono<SessionEnv>, handlers: ReturnType<typeof createHandlers>) => void;

async function mounted(basePath: string | undefined, mount: Mount) {
  const world = await createWorld(basePath === undefined ? {} : { basePath });
  const app = new Hono<SessionEnv>();
  mount(app, createHandlers(world.parts));
  return { ...world, app };
}

const credentials = { username: 'ada', password: 'correct horse' };

/** Signs in and asks for everything once, beneath a path. */
async function expectToWork({ app }: { app: Pick<World['app'], 'request'> }, base: string) {
  const ada = new Client(app, 'cookie');
  expect((await ada.post(`${base}/auth/register`, credentials)).status).toBe(201);
  expect((await ada.get(`${base}/auth/me`)).body.user.username).toBe('ada');
  expect((await ada.call('PUT', `${base}/drafts/letter`, { ciphertext: 'AAAA', savedAt: 1 })).status).toBe(201);
  expect((await ada.get(`${base}/admin/sessions`)).body).toMatchObject({ code: 'forbidden' });
  expect((await ada.get(`${base}/auth/nowhere`)).body).toMatchObject({ code: 'not_found' });
  expect((await ada.get(`${base}/report`)).body).toEqual({ of: ada.user?.id });
  expect((await ada.post(`${base}/auth/logout`)).headers.get('Set-Cookie')).toMatch(/Path=\/;/);
  expect((await ada.get(`${base}/report`)).status).toBe(401);
}

describe.each([
  ['/curfew/api', '/curfew/api'],
  ['/curfew', '/curfew'],
  ['/', ''],
])('beneath basePath %s', (basePath, base) => {
  it.each<[string, Mount]>([
    ['protect and routes', (app, { protect, routes }) => app.use(`${base}/*`, protect()).route('/', routes)],
    ['protect alone, which dispatches', (app, { protect }) => app.use(`${base}/*`, protect())],
    ['routes before protect', (app, { protect, routes }) => app.route('/', routes).use(`${base}/*`, protect())],
  ])('everything works with %s', async (_, mount) => {
    const world = await mounted(basePath, mount);
    world.app.get(`${base}/report`, (c) => c.json({ of: c.var.session.user }));
    await expectToWork(world, base);
  });

  it('an own route beneath Curfew’s folders is reached by nobody without a session', async () => {
    const { app } = await mounted(basePath, (all, { protect, routes }) =>
      all.use(`${base}/*`, protect()).route('/', routes),
    );
    app.get(`${base}/auth/own`, (c) => c.text('mine'));
    expect((await new Client(app, 'cookie').get(`${base}/auth/own`)).status).toBe(401);
  });

  it('routes alone are enough for what is Curfew’s', async () => {
    const { app } = await mounted(basePath, (all, { routes }) => all.route('/', routes));
    expect((await new Client(app, 'cookie').post(`${base}/auth/register`, credentials)).status).toBe(201);
  });
});

describe('an application beneath a path', () => {
  it('of Hono with the full path as its basePath works: it was a 401', async () => {
    const { app, parts } = await mounted('/curfew/api', (all, { protect }) => all.use('/curfew/api/*', protect()));
    app.get('/curfew/api/report', (c) => c.json({ of: c.var.session.user }));
    const root = new Hono().route('/', app);
    await expectToWork({ app: root }, '/curfew/api');
    expect(parts.basePath).toBe('/curfew/api');
  });

  it.each<[string, (handlers: ReturnType<typeof createHandlers>) => Hono]>([
    ['routes', ({ routes }) => new Hono().route('/curfew', routes)],
    ['basePath', ({ routes }) => new Hono().basePath('/curfew').route('/', routes)],
    [
      'an application with protect',
      ({ protect, routes }) => new Hono().route('/curfew', new Hono().use('/api/*', protect()).route('/', routes)),
    ],
  ])('of which Curfew knows nothing is refused with one line: %s', async (_, make) => {
    const world = await createWorld();
    const client = new Client(make(createHandlers(world.parts)), 'cookie');
    for (let n = 0; n < 2; n++) {
      const answer = await client.post('/curfew/api/auth/register', credentials);
      expect(answer.body).toMatchObject({ status: 500, code: 'internal_error' });
    }
    expect(world.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        msg: 'failure',
        level: 'error',
        code: 'internal_error',
        error: "curfew.routes is mounted at /curfew: mount it at /, and give createCurfew basePath: '/curfew/api'",
      },
    ]);
    expect(await world.users.byName('ada')).toBeNull();
  });
});

describe('a typed client', () => {
  it('finds the routes beneath the default path', async () => {
    const { app } = await mounted(undefined, (all, { routes }) => all.route('/', routes));
    const client = hc<CurfewRoutes>('http://localhost', {
      fetch: (input: RequestInfo | URL, init?: RequestInit) => app.request(input, init),
    });
    const answer = await client.api.auth.register.$post({ json: { ...credentials, transport: 'bearer' } });
    expect(answer.status).toBe(201);
  });
});
