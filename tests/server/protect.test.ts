import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { SessionEnv } from '../../server/index.ts';
import { createHandlers, type Handlers } from '../../server/handlers.ts';
import { settled } from '../support/server/refusal.ts';
import { Client } from '../support/server/world.ts';

type Application = Hono<SessionEnv>;

/** What an application has beneath Curfew's own folders, or close beside them. */
const ownPaths = ['/api/admin/report', '/api/drafts-x', '/api/drafts/own/page', '/api/auth/own', '/api/report'];

const addOwn = (app: Application, reached: string[]) => {
  for (const path of ownPaths)
    app.get(path, (c) => {
      reached.push(path);
      return c.json({ own: path, user: c.var.session.user });
    });
};

const addWildcard = (app: Application, reached: string[]) =>
  app.all('/api/*', (c) => {
    reached.push(c.req.path);
    return c.json({ own: c.req.path, user: c.var.session.user });
  });

type Mount = (app: Application, curfew: Handlers, reached: string[]) => void;

const orders: Readonly<Record<string, Mount>> = {
  'protect, routes, own': (app, { protect, routes }, reached) => {
    app.use('/api/*', protect()).route('/', routes);
    addOwn(app, reached);
  },
  'protect, own, routes': (app, { protect, routes }, reached) => {
    app.use('/api/*', protect());
    addOwn(app, reached);
    app.route('/', routes);
  },
  'routes, protect, own': (app, { protect, routes }, reached) => {
    app.route('/', routes).use('/api/*', protect());
    addOwn(app, reached);
  },
  'protect for everything, routes, own': (app, { protect, routes }, reached) => {
    app.use(protect()).route('/', routes);
    addOwn(app, reached);
  },
  'protect twice, routes, own': (app, { protect, routes }, reached) => {
    app.use(protect()).use('/api/*', protect()).route('/', routes);
    addOwn(app, reached);
  },
  'protect, own, and routes nowhere': (app, { protect }, reached) => {
    app.use('/api/*', protect());
    addOwn(app, reached);
  },
  'protect, an own wildcard, routes': (app, { protect, routes }, reached) => {
    app.use('/api/*', protect());
    addWildcard(app, reached);
    app.route('/', routes);
  },
  'routes, protect, an own wildcard': (app, { protect, routes }, reached) => {
    app.route('/', routes).use('/api/*', protect());
    addWildcard(app, reached);
  },
  'protect, routes, an own application': (app, { protect, routes }, reached) => {
    const own = new Hono();
    for (const path of ownPaths)
      own.get(path, (c) => {
        reached.push(path);
        return c.json({ own: path });
      });
    app.use('/api/*', protect()).route('/', routes);
    app.mount('/', own.fetch);
  },
};

describe.each(Object.entries(orders))('with %s', (_, mount) => {
  const begin = async () => {
    // Each judgement loads: so they can be counted.
    const world = await settled('cookie', { sessionCache: false });
    const reached: string[] = [];
    const app: Application = new Hono();
    mount(app, createHandlers(world.parts), reached);
    const ada = new Client(app, 'cookie');
    ada.token = world.ada.token;
    const loaded: string[] = [];
    const load = world.parts.log.load.bind(world.parts.log);
    world.parts.log.load = (id) => {
      loaded.push(id);
      return load(id);
    };
    return { ...world, app, reached, ada, nobody: new Client(app, 'cookie'), loaded };
  };

  it.each(ownPaths)('ASVS 8.3.1 an application’s own %s is reached by nobody without a session', async (path) => {
    const { nobody, reached } = await begin();
    for (const method of ['GET', 'HEAD']) {
      const answer = await nobody.raw(method, path);
      expect(answer.status, method).toBe(401);
      expect(answer.headers.get('WWW-Authenticate'), method).toContain('unauthenticated');
    }
    expect((await nobody.get(path, { Authorization: 'Bearer forged' })).body).toMatchObject({ code: 'invalid_token' });
    expect(reached).toEqual([]);
  });

  it.each(ownPaths)('and %s by whoever has one, judged once', async (path) => {
    const { ada, loaded } = await begin();
    const answer = await ada.get(path, { 'Session-Activity': 'background' });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200, body: { own: path } });
    expect(answer.headers.get('Session-Status')).toMatch(/^active/);
    expect(loaded).toHaveLength(1);
    expect((await ada.raw('HEAD', path)).status).toBe(200);
  });

  it('a refusal of an own route is written down once', async () => {
    const { nobody, parts } = await begin();
    await nobody.get('/api/auth/own', { Authorization: 'Bearer forged' });
    expect(await parts.securityLog.since(0, 10)).toMatchObject([{ kind: 'token_refused' }]);
  });

  it('what is Curfew’s by method and path is answered by Curfew', async () => {
    const { ada, nobody, reached, parts, loaded } = await begin();
    expect((await nobody.register('bob')).status).toBe(201);
    expect((await nobody.get('/api/auth/me')).body).toMatchObject({ user: { username: 'bob' } });
    loaded.length = 0;
    expect((await ada.get('/api/auth/session-info')).body).toMatchObject({ session: { state: 'active' } });
    expect(loaded).toHaveLength(1);
    expect((await ada.raw('HEAD', '/api/auth/me')).status).toBe(200);
    expect((await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'AAAA', savedAt: 1 })).status).toBe(201);
    expect((await ada.get('/api/drafts/letter')).body).toMatchObject({ ciphertext: 'AAAA' });
    expect((await ada.get('/api/admin/sessions')).status).toBe(200);
    expect((await ada.post('/api/auth/logout')).status).toBe(204);
    expect((await ada.get('/api/drafts')).status).toBe(401);
    expect((await parts.securityLog.since(0, 10)).map(({ kind }) => kind)).toEqual([]);
    expect(reached).toEqual([]);
  });
});

describe('where the application has no route of its own', () => {
  const begin = async () => {
    const world = await settled();
    const { protect, routes } = createHandlers(world.parts);
    const app: Application = new Hono();
    app.use('/api/*', protect()).route('/', routes);
    const ada = new Client(app, 'cookie');
    ada.token = world.ada.token;
    return { ...world, ada, nobody: new Client(app, 'cookie') };
  };

  it.each(['/api/auth/nowhere', '/api/auth', '/api/admin', '/api/admin/nowhere'])(
    '%s is a 404 for everybody',
    async (path) => {
      const { ada, nobody } = await begin();
      for (const client of [ada, nobody])
        expect((await client.get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it('and so is a method that Curfew does not take', async () => {
    const { ada, nobody } = await begin();
    for (const client of [ada, nobody]) {
      expect((await client.get('/api/auth/login')).body).toMatchObject({ status: 404, code: 'not_found' });
      expect((await client.call('PATCH', '/api/auth/me')).body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('a request that protect hands on to Curfew', () => {
  it('keeps what the application has set before, and tells the application whose it was', async () => {
    const { parts, ada: registered } = await settled();
    const { protect, routes } = createHandlers(parts);
    const told: unknown[] = [];
    const app: Application = new Hono();
    app.use(async (c, next) => {
      c.header('X-Request', '7');
      await next();
      told.push(c.get('session')?.id);
    });
    app.use('/api/*', protect()).route('/', routes);
    const ada = new Client(app, 'cookie');
    ada.token = registered.token;
    expect((await ada.get('/api/auth/me')).headers.get('X-Request')).toBe('7');
    expect(told).toEqual([registered.id]);
  });

  it('has its body even where the application has read it already', async () => {
    const { parts } = await settled();
    const { protect, routes } = createHandlers(parts);
    const app: Application = new Hono();
    const read: unknown[] = [];
    app.use(async (c, next) => {
      read.push(await c.req.json());
      await next();
    });
    app.use('/api/*', protect()).route('/', routes);
    expect((await new Client(app, 'cookie').login()).status).toBe(200);
    expect(read).toMatchObject([{ username: 'ada' }]);
  });

  it('is found whatever the application makes of a slash at its end', async () => {
    const { parts, ada: registered } = await settled();
    const { protect, routes } = createHandlers(parts);
    const app: Application = new Hono({ strict: false });
    app.use('/api/*', protect()).route('/', routes);
    const ada = new Client(app, 'cookie');
    ada.token = registered.token;
    expect((await ada.get('/api/auth/me/')).status).toBe(200);
  });
});
