import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { createCurfew, passwords, type Curfew, type CurfewOptions, type SessionEnv } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { cost, secret } from '../../support/server/world.ts';

const running: Curfew[] = [];
afterEach(() => Promise.all(running.splice(0).map((curfew) => curfew.close())));

async function begin(more: Partial<CurfewOptions>) {
  const curfew = await createCurfew({ store: memory(), secret, write: () => {}, ...more });
  running.push(curfew);
  const app = new Hono<SessionEnv>();
  app.use('/api/*', curfew.protect());
  app.route('/', curfew.routes);
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { code?: string } };
  };
  return call;
}

const ada = { username: 'ada', password: 'correct horse', transport: 'bearer' };
const notFound = { status: 404, body: expect.objectContaining({ code: 'not_found' }) };

describe('registration', () => {
  it('is closed unless it was opened, whatever the request holds', async () => {
    for (const accounts of [undefined, passwords(), passwords({ register: false })]) {
      const call = await begin({ accounts });
      for (const body of [ada, {}, { username: 'ada', password: 'x' }])
        expect(await call('POST', '/api/auth/register', body)).toEqual(notFound);
      expect((await call('POST', '/api/auth/login', ada)).status).toBe(401);
    }
  });

  it('is open when the application says so', async () => {
    const call = await begin({ accounts: passwords({ cost, register: true }) });
    expect((await call('POST', '/api/auth/register', ada)).status).toBe(201);
  });
});

describe('without accounts', () => {
  const passwordRoutes = [
    ['POST', '/api/auth/register'],
    ['POST', '/api/auth/login'],
    ['POST', '/api/auth/reauthenticate'],
    ['POST', '/api/auth/password'],
    ['DELETE', '/api/auth/me'],
  ] as const;

  it.each(passwordRoutes)('there is no route that takes a password: %s %s', async (method, path) => {
    const call = await begin({ accounts: false });
    for (const body of [ada, {}, { password: 'correct horse' }])
      expect(await call(method, path, body)).toEqual(notFound);
  });

  it('every other route is there', async () => {
    const call = await begin({ accounts: false });
    expect(await call('POST', '/api/auth/refresh', {})).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await call('GET', '/api/auth/me')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('what passwords(…) cannot take', () => {
  const own = { find: async () => null, byId: async () => null, verify: async () => false };
  it.each<[unknown, string]>([
    [{ register: 'yes' }, 'passwords(…): register must be true or false'],
    [{ cost: 12 }, 'passwords(…): cost must be an object of whole numbers'],
    [{ cost: { memory: 8, passes: 1.5, parallelism: 1 } }, 'passwords(…): cost must be an object of whole numbers'],
    [{ registers: true }, 'passwords(…) has no option registers: there are cost and register'],
    ['ada', 'passwords(…) takes an object of options'],
    [{ ...own, register: true }, 'passwords(…): register must be a function beside find, byId and verify'],
    [{ ...own, eraseWrite: 1 }, 'passwords(…): eraseWrite must be a function beside find, byId and verify'],
    [{ ...own, cost }, 'passwords(…): cost is of Curfew’s own table'],
  ])('is refused in one line: %o', (given, line) => {
    expect(() => passwords(given as Parameters<typeof passwords>[0])).toThrow(line);
  });
});
