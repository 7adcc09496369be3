import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { expectNoTrace } from '../../support/server/refusal.ts';
import { createWorld, type Client, type World } from '../../support/server/world.ts';

const settled = async (options: Parameters<typeof createWorld>[0] = {}) => {
  const world = await createWorld(options);
  const ada = world.client();
  await ada.register();
  await world.users.setRole(ada.user?.id ?? '', 'administrator');
  world.pass(minutes(2));
  return { ...world, ada };
};

/** What a provider's server calls: it carries no cookie, and its token says who it is. */
const forServers = '/api/oidc/back-channel-logout';

const routesOf = ({ app }: Pick<World, 'app'>, ada: Client, safe: boolean) =>
  [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))].flatMap((name) => {
    const [method = '', path = ''] = name.split(' ');
    if (method === 'ALL' || !path.startsWith('/api/') || path === forServers) return [];
    if ((method === 'GET') !== safe) return [];
    return [{ name, method, path: path.replace(':id', ada.id).replace(':key', 'letter') }];
  });

/** A request with the cookie that the jar adds, and what a browser says of where it comes from. */
const from = (
  ada: Client,
  method: string,
  path: string,
  provenance: Record<string, string>,
  body: string | null = '{}',
) => {
  const jar = ada.twin();
  Object.defineProperty(jar, 'headers', { value: { Cookie: `__Host-curfew=${ada.token}` } });
  return jar.raw(method, path, { headers: provenance, ...(body !== null && { body }) });
};

const strangers: readonly Record<string, string>[] = [
  {
    'Sec-Fetch-Site': 'cross-site',
    Origin: 'https://evil.example',
    'Content-Type': 'application/x-www-form-urlencoded',
  },
  { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example', 'Content-Type': 'application/json' },
  { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example', 'Content-Type': 'text/plain' },
  { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost', 'Content-Type': 'application/json' },
  { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.localhost', 'Content-Type': 'application/json' },
  { 'Sec-Fetch-Site': 'none', 'Content-Type': 'application/json' },
  { 'Sec-Fetch-Site': '', 'Content-Type': 'application/json' },
  { 'Sec-Fetch-Site': 'same-origin, cross-site', 'Content-Type': 'application/json' },
  { Origin: 'https://evil.example', 'Content-Type': 'multipart/form-data; boundary=x' },
  { Origin: 'null', 'Content-Type': 'application/json' },
  { Origin: '', 'Content-Type': 'application/json' },
  { 'Content-Type': 'application/json' },
  { Referer: 'http://localhost/', 'Content-Type': 'application/json' },
];

describe('a request from another site', () => {
  it('ASVS 3.5.1 3.5.3 NIST SP 800-63B-4 §5.1 changes nothing on any route, as a form, as JSON or as text', async () => {
    const world = await settled();
    const { ada } = world;
    const routes = routesOf(world, ada, false);
    expect(routes.length).toBeGreaterThan(14);
    const tryAll = async () => {
      for (const { name, method, path } of routes)
        for (const provenance of strangers) {
          const answer = await from(ada, method, path, provenance);
          const what = `${name} ${JSON.stringify(provenance)}`;
          expect({ status: answer.status, code: answer.body?.code }, what).toEqual({ status: 403, code: 'cross_site' });
          expect(answer.headers.get('Set-Cookie'), what).toBeNull();
          expect(answer.headers.get('Cache-Control'), what).toBe('no-store');
          expect(answer.headers.get('Access-Control-Allow-Origin'), what).toBeNull();
        }
    };
    await expectNoTrace(world, ada, tryAll, 'cross_site_refused');
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });

  it('ASVS 3.5.2 cannot ask for leave first: no preflight is answered with any', async () => {
    const { ada } = await settled();
    for (const path of ['/api/auth/login', '/api/auth/logout', '/api/settings', '/api/drafts/letter']) {
      const answer = await from(
        ada,
        'OPTIONS',
        path,
        {
          Origin: 'https://evil.example',
          'Access-Control-Request-Method': 'PUT',
          'Access-Control-Request-Headers': 'session-activity',
        },
        null,
      );
      expect(answer.status).toBe(405);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('ASVS 3.5.1 that only reads writes nothing, and is no sign of a person; only what is more than a page is refused', async () => {
    const world = await settled();
    const routes = routesOf(world, world.ada, true);
    expect(routes.length).toBeGreaterThan(9);
    const refused: string[] = [];
    const tryAll = async () => {
      for (const { name, method, path } of routes) {
        if (path.endsWith('/stream')) continue;
        const provenance = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' };
        const { body } = await from(world.ada, method, path, provenance, null);
        if (body?.code === 'cross_site') refused.push(name);
      }
    };
    await expectNoTrace(world, world.ada, tryAll, 'cross_site_refused');
    expect(refused).toEqual(['GET /api/oidc/start', 'GET /api/auth/me/export']);
  });

  it.each(['/logout', '/api/auth/logout', '/api/auth/sessions/%s', '/api/auth/refresh'])(
    'ASVS 3.5.3 7.6.2 GET %s signs nobody out and nobody in',
    async (path) => {
      const world = await settled();
      const before = world.changes();
      const answer = await world.ada.get(path.replace('%s', world.ada.id));
      expect([404, 405]).toContain(answer.status);
      expect(answer.headers.get('Set-Cookie')).toBeNull();
      expect(world.changes()).toBe(before);
      expect((await world.ada.get('/api/auth/me')).status).toBe(200);
    },
  );

  it('cannot sign anybody in to an account of its own', async () => {
    const world = await settled();
    const nobody = world.client();
    Object.defineProperty(nobody, 'headers', { value: {} });
    for (const provenance of strangers) {
      if (provenance['Sec-Fetch-Site'] === undefined && provenance['Origin'] === undefined) continue;
      const answer = await nobody.raw('POST', '/api/auth/login', {
        headers: provenance,
        body: JSON.stringify({ username: 'ada', password: 'correct horse' }),
      });
      expect(answer.body).toMatchObject({ code: 'cross_site' });
    }
  });
});

describe('a request from our own pages', () => {
  it('is taken when the browser says so, whatever the origin is called', async () => {
    const { ada } = await settled();
    const answer = await from(ada, 'POST', '/api/auth/refresh', { 'Sec-Fetch-Site': 'same-origin' });
    expect(answer.status).toBe(200);
  });

  it('is taken from an older browser when its Origin is exactly ours, and from no other', async () => {
    const { ada } = await settled();
    const wrong = ['https://localhost', 'http://localhost:8080', 'http://localhost.evil.example', 'http://xlocalhost'];
    for (const Origin of [...wrong, 'http://localhost/', 'http://LOCALHOST', 'http://localhost, http://evil.example'])
      expect((await from(ada, 'POST', '/api/auth/refresh', { Origin })).body, Origin).toMatchObject({
        code: 'cross_site',
      });
    expect((await from(ada, 'POST', '/api/auth/refresh', { Origin: 'http://localhost' })).status).toBe(200);
  });

  it('CURFEW_ORIGIN says what is ours where a proxy hides it', async () => {
    const { ada } = await settled({ origin: 'https://app.example.com' });
    expect((await from(ada, 'POST', '/api/auth/refresh', { Origin: 'http://localhost' })).body).toMatchObject({
      code: 'cross_site',
    });
    expect((await from(ada, 'POST', '/api/auth/refresh', { Origin: 'https://app.example.com' })).status).toBe(200);
  });
});

describe('a request from no browser', () => {
  it('is taken without a cookie, with a token whatever cookies there are, and not with a cookie of ours', async () => {
    const { client, ada } = await settled();
    const curl = client('bearer');
    const ours = { Cookie: `__Host-curfew=${ada.token}` };
    expect((await curl.login()).status).toBe(200);
    expect((await curl.post('/api/auth/refresh')).status).toBe(200);
    expect((await curl.post('/api/auth/refresh', {}, ours)).status).toBe(200);
    curl.token = null;
    expect((await curl.post('/api/auth/refresh', {}, ours)).body).toMatchObject({ code: 'cross_site' });
    expect((await curl.login('ada', 'correct horse')).status).toBe(200);
  });
});
