import { Validator } from '@seriousme/openapi-schema-validator';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCurfew, passwords, type CurfewOptions, type SessionEnv } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { routeDescriptions } from '../../../server/operations/routeDescriptions.ts';
import { cost, secret } from '../../support/server/world.ts';

async function application(options: Partial<CurfewOptions>) {
  const address = () => '127.0.0.1';
  const curfew = await createCurfew({ store: memory(), secret, address, write: () => {}, ...options });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>().route('/', curfew.operations).route('/', curfew.routes);
  const document = await (await app.request('/openapi.json')).json();
  const named = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  return { app, document, named };
}

/** Own users, whom nobody changes here. */
const readOnly = passwords({ find: async () => null, byId: async () => null, verify: async () => false });

const applications: [string, Partial<CurfewOptions>, readonly string[]][] = [
  ['by itself', {}, ['POST /api/auth/register']],
  ['with registration', { accounts: passwords({ cost, register: true }) }, []],
  [
    'with users of its own, whom nobody changes here',
    { accounts: readOnly },
    ['POST /api/auth/register', 'POST /api/auth/password', 'DELETE /api/auth/me'],
  ],
  [
    'that signs people in itself',
    { accounts: false },
    [
      'POST /api/auth/register',
      'POST /api/auth/login',
      'POST /api/auth/reauthenticate',
      'POST /api/auth/password',
      'DELETE /api/auth/me',
    ],
  ],
];
const places = [
  ['/api', '/api', 'curfew'],
  ['/curfew/api', '/curfew/api', 'board'],
  ['/', '', 'wiki'],
] as const;

describe.each(applications)('the description of an application %s', (_, options, off) => {
  it.each(places)(
    'beneath %s is of the routes that are there, and of no others',
    async (basePath, base, cookieName) => {
      const { app, document, named } = await application({ ...options, basePath, cookieName });
      const placed = (names: readonly string[]) => names.map((name) => name.replace(' /api/', ` ${base}/`));
      const on = Object.keys(routeDescriptions).filter((name) => !off.includes(name));
      expect(named.toSorted()).toEqual(placed(on).toSorted());
      expect(document.components.securitySchemes.cookie.name).toBe(`__Host-${cookieName}`);
      expect(await new Validator().validate(document)).toMatchObject({ valid: true });

      const page = await (await app.request('/docs')).text();
      for (const name of placed(on)) {
        expect(page).toContain(`<code>${name}</code>`);
        const [method = '', path = ''] = name.split(' ');
        expect((await app.request(path.replaceAll(/:\w+/g, 'x'), { method })).status, name).not.toBe(404);
      }
      for (const name of placed(off)) expect(page).not.toContain(`<code>${name}</code>`);
    },
  );
});
