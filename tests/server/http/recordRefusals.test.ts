import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../../machines/index.ts';
import { pseudonyms } from '../../../server/keys/pseudonyms.ts';
import { sweep } from '../../../server/sweeper.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { behindProxy } from '../../support/server/behindProxy.ts';
import { forgeries, ofNoSession, saidBy, signedByUs } from '../../support/server/forged.ts';
import { createWorld, lapse, type Client } from '../../support/server/world.ts';

const elsewhere = '203.0.113.9';
const names = pseudonyms('a secret of at least thirty-two bytes');
const forged = 'forged.by.somebody';

type Begun = Awaited<ReturnType<typeof begin>>;

const begin = (log: 'memory' | 'sqlite' | 'postgres' = 'sqlite') => behindProxy({ log, trustedProxies: ['127.0.0.1'] });

const jarOf = ({ ada }: Begun) => ({ Cookie: `__Host-curfew=${ada.token}`, 'Sec-Fetch-Site': 'same-origin' });
const bearer = (token: string | null) => ({ Authorization: `Bearer ${token}` });
const stranger = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };

/** Something that is tried, the kind that it is written down as, and the route that it came to. */
interface Try {
  readonly kind: string;
  readonly code: string;
  readonly route: string;
  readonly does: (world: Begun) => Promise<readonly [method: string, path: string, headers: object, json?: object]>;
  /** It is known whose session it was. */
  readonly known?: true;
  /** It is known which name was tried. */
  readonly named?: true;
}

const taken = { username: 'ADA', password: 'battery staple' };

const tries = {
  'a token that is none': {
    kind: 'token_refused',
    code: 'invalid_token',
    route: '/api/settings',
    does: async () => ['GET', '/api/settings', bearer(forged)],
  },
  'a token of a stranger beside work': {
    kind: 'token_refused',
    code: 'invalid_token',
    route: '/api/drafts/:key',
    does: async () => ['PUT', '/api/drafts/resignation', bearer(forged), { ciphertext: 'AAAA', savedAt: 1 }],
  },
  'a token of another type': {
    kind: 'token_refused',
    code: 'invalid_token',
    route: '/api/auth/refresh',
    does: async ({ parts, ada }) => [
      'POST',
      '/api/auth/refresh',
      bearer(await signedByUs(parts, saidBy(ada.token ?? ''), { typ: 'JWT' })),
    ],
  },
  'a forged cookie at sign-out': {
    kind: 'token_refused',
    code: 'invalid_token',
    route: '/api/auth/logout',
    does: async (world) => ['POST', '/api/auth/logout', { ...jarOf(world), Cookie: `__Host-curfew=${forged}` }],
  },
  'a page that means another session': {
    kind: 'session_mismatch',
    code: 'session_mismatch',
    route: '/api/conversations/:id',
    does: async (world) => ['GET', '/api/conversations/resignation', { ...jarOf(world), 'Session-Id': 'another' }],
    known: true,
  },
  'a page that means another session at sign-in': {
    kind: 'session_mismatch',
    code: 'session_mismatch',
    route: '/api/auth/login',
    does: async (world) => ['POST', '/api/auth/login', { ...jarOf(world), 'Session-Id': 'another' }, taken],
    known: true,
  },
  'a request from another site': {
    kind: 'cross_site_refused',
    code: 'cross_site',
    route: '/api/auth/sessions/:id',
    does: async (world) => ['DELETE', `/api/auth/sessions/${world.ada.id}`, { ...jarOf(world), ...stranger }],
  },
  'a request from another site to the application': {
    kind: 'cross_site_refused',
    code: 'cross_site',
    route: '/api/conversations/:id',
    does: async (world) => ['PATCH', '/api/conversations/resignation', { ...jarOf(world), ...stranger }],
  },
  'a name that is taken': {
    kind: 'registration_refused',
    code: 'username_taken',
    route: '/api/auth/register',
    does: async () => ['POST', '/api/auth/register', {}, taken],
    named: true,
  },
} as const satisfies Readonly<Record<string, Try>>;

const ask = async (world: Begun, { does }: Try) => {
  const [method, path, headers, json] = await does(world);
  return world.ask(method, path, { ...headers, 'X-Forwarded-For': elsewhere }, json);
};

describe.each(['memory', 'sqlite', 'postgres'] as const)('what was tried and refused (%s)', (log) => {
  it.each(Object.entries<Try>(tries))(
    'ASVS 16.2.1 16.2.5 16.3.3 is written down, with its route and no more of what was sent: %s',
    async (_, one) => {
      const world = await begin(log);
      expect((await ask(world, one)).body.code).toBe(one.code);
      expect(await world.parts.securityLog.since(0, 10)).toEqual([
        {
          at: world.now(),
          kind: one.kind,
          address: names.address(elsewhere),
          detail: { route: one.route },
          ...(one.known && { user: world.ada.user?.id }),
          ...(one.named && { account: names.account('ada') }),
        },
      ]);
    },
  );

  it('ASVS 16.3.3 is written down whatever is wrong with a token, and only where it was not made here', async () => {
    const { parts, ada, ask: send } = await begin(log);
    const sealed = ['of another user', 'of a generation that was never made'];
    const forgedOnes = Object.entries(await forgeries(parts, ada.token ?? '', 'https://evil.example'));
    for (const [index, [name, token]] of forgedOnes.entries()) {
      const address = `203.0.113.${index}`;
      const before = (await parts.securityLog.since(0, 1000)).length;
      expect((await send('GET', '/api/auth/me', { ...bearer(token), 'X-Forwarded-For': address })).status).toBe(401);
      const written = (await parts.securityLog.since(0, 1000)).slice(before).map(({ kind }) => kind);
      expect(written, name).toEqual(sealed.includes(name) ? [] : ['token_refused']);
    }
  });

  it('is nothing where somebody is only late: an expired, superseded, lapsed, ended, purged or missing credential', async () => {
    const world = await createWorld({ log, policy: { tokenLifetime: minutes(5) } });
    const { client, parts, pass } = world;
    const refused = async (ada: Client, code: string) =>
      expect((await ada.get('/api/settings', { 'Session-Activity': 'background' })).body.code).toBe(code);
    await refused(client('bearer'), 'unauthenticated');
    const ada = client('bearer');
    await ada.register();
    const ghost = ada.twin();
    ghost.token = await ofNoSession(parts, ada.token ?? '');
    await refused(ghost, 'invalid_token');
    const old = ada.twin();
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    pass(minutes(1));
    await refused(old, 'token_superseded');
    pass(minutes(5));
    await refused(ada, 'token_expired');
    pass(lapse);
    await refused(ada, 'session_lapsed');
    await ada.post('/api/auth/logout');
    await refused(ada, 'session_ended');
    expect(await parts.securityLog.since(0, 10)).toEqual([]);
  });
});

describe('the log of what was refused', () => {
  it('ASVS 16.3.1 tells of registrations that were slowed down, apart from those that failed', async () => {
    const world = await begin();
    const again = () => world.post('/api/auth/register', taken, { 'X-Forwarded-For': elsewhere });
    for (let time = 0; time < 100; time++) expect((await again()).status).toBe(409);
    expect((await again()).status).toBe(429);
    const written = await world.parts.securityLog.since(0, 1000);
    expect(written.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 100 }, () => 'registration_refused'),
      'registration_throttled',
    ]);
    expect(written.at(-1)).toMatchObject({ account: names.account('ada'), detail: { route: '/api/auth/register' } });
  });

  const cheap = ['a token that is none', 'a page that means another session', 'a request from another site'] as const;
  it.each(cheap)('is not filled by a flood: %s', async (name) => {
    const one = tries[name];
    const world = await begin();
    for (let time = 0; time < 60; time++) expect((await ask(world, one)).body.code).toBe(one.code);
    const written = await world.parts.securityLog.since(0, 1000);
    expect(written.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => one.kind));
    world.pass(minutes(1));
    await ask(world, one);
    expect((await world.parts.securityLog.since(0, 1000)).at(-1)?.detail).toEqual({ route: one.route, leftOut: 50 });
  });

  it.each(Object.entries<Try>(tries))(
    'ASVS 16.5.3 that cannot be written is a 503, and no refusal: %s',
    async (_, one) => {
      const world = await begin();
      world.parts.securityLog.record = async () => {
        throw new StoreUnavailable('the database is unavailable: full');
      };
      const { status, body, headers } = await ask(world, one);
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
      expect(headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
      expect(headers['www-authenticate']).toBeUndefined();
      expect(world.lines.at(-1)).toMatchObject({ msg: 'request', status: 503, code: 'unavailable' });
    },
  );

  it('is erased with age like everything that was refused', async () => {
    const world = await begin();
    for (const one of Object.values(tries)) await ask(world, one);
    expect(await world.parts.securityLog.since(0, 100)).toHaveLength(Object.keys(tries).length);
    world.pass(days(90) + 1);
    await sweep(world.parts);
    expect(await world.parts.securityLog.since(0, 100)).toEqual([]);
  });
});
