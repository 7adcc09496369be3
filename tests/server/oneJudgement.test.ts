import { afterAll, describe, expect, it, vi } from 'vitest';
import { hours, minutes, seconds, sessionMachine } from '../../machines/index.ts';
import { createKeys } from '../../server/keys/signingKeys.ts';
import { createTokens } from '../../server/keys/sessionTokens.ts';
import type { Dependencies } from '../../server/routes/dependencies.ts';
import { heldBody } from '../support/server/heldBody.ts';
import { settled } from '../support/server/refusal.ts';
import { asking, goodOf, pathOf, reading, table } from '../support/server/rows.ts';
import type { Copying } from '../support/server/races/play.ts';
import type { StoreKind } from '../support/server/stores.ts';
import { Client, createWorld, lapse, origin, type World } from '../support/server/world.ts';

/** What requests ask of the ports, and how often they step the machine. */
interface Asked {
  verifies: number;
  loads: number;
  appends: number;
  steps: number;
}

/** Counts what requests ask of the real ports. */
function counting({ log, tokens }: Pick<Dependencies, 'log' | 'tokens'>) {
  const asked: Asked = { verifies: 0, loads: 0, appends: 0, steps: 0 };
  const [load, append, verify] = [log.load.bind(log), log.append.bind(log), tokens.verify.bind(tokens)];
  log.load = (id) => {
    asked.loads += 1;
    return load(id);
  };
  log.append = (...given) => {
    asked.appends += 1;
    return append(...given);
  };
  tokens.verify = (token) => {
    asked.verifies += 1;
    return verify(token);
  };
  const stepped = vi.spyOn(sessionMachine, 'transition');
  return async (request: () => Promise<unknown>): Promise<Asked> => {
    Object.assign(asked, { verifies: 0, loads: 0, appends: 0 });
    stepped.mockClear();
    await request();
    return { ...asked, steps: stepped.mock.calls.length };
  };
}

const printed: string[] = [];
const line = (what: string, numbers: readonly (string | number)[]) =>
  `${what.padEnd(64)}${numbers.map((each) => String(each).padStart(9)).join('')}`;
const print = (what: string, { verifies, loads, appends, steps }: Asked) =>
  void printed.push(line(what, [verifies, loads, appends, steps]));
afterAll(() => console.log([line('', ['verifies', 'loads', 'appends', 'steps']), ...printed].join('\n')));

type Route = (typeof table)[number];

/** A body that a route takes, with the user's own name and password. */
const bodyOf = ({ path, body }: Pick<Route, 'path' | 'body'>) =>
  body && {
    ...goodOf(body),
    ...('password' in body && { password: 'correct horse' }),
    ...(path.endsWith('/login') && { username: 'ada' }),
  };

const ask = (ada: Client, route: Route, activity: 'user' | 'background') =>
  ada.call(route.method, pathOf(route.path, ada.id), bodyOf(route), { 'Session-Activity': activity });

const byVerbs = new Set(['DELETE /api/account']);
/**
 * Its session is judged once and watched, for the file may be long: the watch looks when it begins, when its subscription
 * is heard (on PostgreSQL, during the request or after it), and when something is written.
 */
const watched = 'GET /api/auth/me/export';
/** What is judged by a copy of the session, where there is one: the application's own routes, and one of Curfew's. */
const isCopied = ({ name, path }: Pick<Route, 'name' | 'path'>) =>
  name === 'GET /api/auth/me' || !/^\/api\/(auth|admin|drafts)/.test(path);
/** How often a request for a route may load its session. */
function loadsOf(route: Route, copying: Copying): readonly number[] {
  const { name, asks } = route;
  if (name === watched) return [2, 3, 4];
  const judging = copying === 'copies' && isCopied(route) ? 0 : 1;
  // Its two verbs load what they end, each for itself.
  if (byVerbs.has(name)) return [1 + judging];
  return asks === 'session' || asks === 'optional' ? [judging] : [0];
}
/** Those that change a session, one way or another, if nothing else does. */
const writes = new Set([
  'POST /api/auth/register',
  'POST /api/auth/login',
  'POST /api/auth/logout',
  'POST /api/auth/refresh',
  'POST /api/auth/reauthenticate',
  'POST /api/auth/password',
  'DELETE /api/auth/me',
  'POST /api/auth/activity',
  'PUT /api/auth/leases/:kind',
  'DELETE /api/auth/sessions',
  'DELETE /api/auth/sessions/:id',
  'DELETE /api/admin/sessions/:id',
  ...byVerbs,
]);
/** Its body holds a proof that only an authenticator can make: it is read, and refused. */
const unproved = new Set(['POST /api/passkeys']);
const endsOthers = new Set(['POST /api/auth/password', 'DELETE /api/auth/me', 'DELETE /api/auth/sessions']);
const ending = table.filter(({ path }) => !path.endsWith('/stream'));
const isApplications = ({ path }: Route) => !path.startsWith('/api/auth') && !path.startsWith('/api/admin');
const counted = asking.filter((route) => isApplications(route) && !byVerbs.has(route.name));

describe.each<[StoreKind, Copying]>([
  ['memory', 'copies'],
  ['memory', 'no copies'],
  ['sqlite', 'copies'],
  ['sqlite', 'no copies'],
  ['postgres', 'no copies'],
])('on a log in %s, with %s, a request', (log, copying) => {
  it.each(ending)(
    'reads one token and loads its session at most once, and writes and steps nothing for nothing: $name',
    async (route) => {
      // PostgreSQL keeps none, whatever is asked for.
      const off = copying === 'no copies' && log !== 'postgres';
      const { ada, parts } = await settled('cookie', { log, heard: true, ...(off && { sessionCache: false }) });
      const count = counting(parts);
      const asked = await count(async () => {
        await ask(ada, route, 'background');
      });
      if (log === 'sqlite') print(`${route.name}, ${copying}`, asked);
      const signatures = route.asks === 'none' ? 0 : 1;
      const changes = writes.has(route.name) ? 1 : 0;
      expect(asked.verifies).toBe(signatures);
      expect(loadsOf(route, copying)).toContain(asked.loads);
      expect(asked.appends).toBe(changes);
      expect(asked.steps).toBeLessThanOrEqual(changes);
    },
  );
});

describe('a request', () => {
  it.each(counted)('loads at most once and appends once when it is recorded as activity: $name', async (route) => {
    const { ada, parts } = await settled('cookie', { heard: true });
    const asked = await counting(parts)(() => ask(ada, route, 'user'));
    print(`${route.name}, a person`, asked);
    const isUnderstood = (await parts.log.load(ada.id))?.state.context.version === 2;
    const loads = isCopied(route) ? 0 : 1;
    expect(asked).toMatchObject({ verifies: 1, loads, appends: isUnderstood ? 1 : 0 });
    expect(asked.steps).toBeLessThanOrEqual(1);
  });

  it('appends the first use of a token, the first word of its client and activity at once', async () => {
    const { ada, parts, pass, events } = await settled();
    await ada.post('/api/auth/refresh');
    pass(minutes(2));
    const count = counting(parts);
    const asked = await count(() => ada.get('/api/settings'));
    print('GET /api/settings, first use of a token, a person', asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 0, appends: 1 });
    await ada.post('/api/auth/refresh');
    pass(minutes(2));
    expect(await count(() => ada.post('/api/auth/activity', { ageMs: 0 }))).toMatchObject({ loads: 1, appends: 1 });
    expect((await events(ada.id)).map(({ type }) => type).slice(-6)).toEqual([
      'token.confirmed',
      'activity.seen',
      'token.rotated',
      'token.confirmed',
      'client.heard',
      'activity.seen',
    ]);
  });

  it.each(ending.filter(({ asks }) => asks === 'session'))(
    'appends the first word of its client with whatever else it says: $name',
    async (route) => {
      const { ada, parts, events } = await settled();
      const asked = await counting(parts)(() => ask(ada, route, 'background'));
      print(`${route.name}, the first word of a client`, asked);
      expect(asked.verifies).toBe(1);
      expect(loadsOf(route, 'copies')).toContain(asked.loads);
      // What ends other sessions is one append of all of them, and no other request's.
      expect(asked.appends).toBeLessThanOrEqual(endsOthers.has(route.name) ? 2 : 1);
      expect((await events(ada.id)).filter(({ type }) => type === 'client.heard').length).toBeLessThanOrEqual(1);
    },
  );

  it('writes a deadline that has come with one load and one append, and what follows from it with none', async () => {
    const { ada, parts, pass } = await settled();
    pass(minutes(24));
    const count = counting(parts);
    const asked = await count(() => ada.get('/api/settings'));
    print('GET /api/settings, when the warning has come', asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 1, appends: 1 });
    expect(await count(() => ada.get('/api/settings'))).toEqual({ verifies: 0, loads: 0, appends: 0, steps: 0 });
  });

  it('of a dead session is refused with one load, and recorded with one append now and then', async () => {
    const { ada, parts, pass } = await settled('cookie', { policy: { tokenLifetime: hours(12) } });
    pass(lapse);
    const count = counting(parts);
    const dead = async () => expect((await ada.get('/api/settings')).status).toBe(401);
    const asked = await count(dead);
    print('GET /api/settings, of a session that has timed out', asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 1, appends: 1 });
    // Its token is remembered, and no refusal comes from a copy.
    expect(await count(dead)).toEqual({ verifies: 0, loads: 1, appends: 0, steps: 0 });
    pass(minutes(1));
    expect(await count(dead)).toMatchObject({ verifies: 0, loads: 1, appends: 1 });
  });

  it('opens a stream with one load', async () => {
    const { app, ada, parts } = await settled();
    const stream = new AbortController();
    const asked = await counting(parts)(async () => {
      const answer = await app.request(`${origin}/api/auth/stream`, { headers: ada.headers, signal: stream.signal });
      const reader = answer.body?.getReader();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('event: session');
      await reader?.cancel();
    });
    print('GET /api/auth/stream', asked);
    expect(asked).toEqual({ verifies: 1, loads: 1, appends: 0, steps: 0 });
  });
});

describe('a refresh', () => {
  type Scene = (world: World, ada: Client) => Promise<Client>;
  const scenes: Readonly<Record<string, Scene>> = {
    'that rotates': async (_, ada) => ada,
    'with a token that is used for the first time': async (_, ada) => {
      await ada.post('/api/auth/refresh');
      return ada;
    },
    'that comes twice': async (_, ada) => {
      const twin = ada.twin();
      await ada.post('/api/auth/refresh');
      return twin;
    },
    'that is reuse': async ({ pass }, ada) => {
      const thief = ada.twin();
      await ada.post('/api/auth/refresh');
      await ada.get('/api/auth/me');
      pass(seconds(31));
      return thief;
    },
    'during the warning': async ({ pass }, ada) => {
      pass(minutes(24));
      await ada.get('/api/auth/me');
      return ada;
    },
    'after the end': async (_, ada) => {
      const zombie = ada.twin();
      await ada.post('/api/auth/logout');
      return zombie;
    },
  };

  it.each(Object.entries(scenes))('%s takes one load and at most one append', async (name, scene) => {
    const world = await settled();
    const client = await scene(world, world.ada);
    const asked = await counting(world.parts)(() => client.post('/api/auth/refresh', { intent: 'extend' }));
    print(`POST /api/auth/refresh ${name}`, asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 1 });
    expect(asked.appends).toBeLessThanOrEqual(1);
  });
});

describe.each<Copying>(['copies', 'no copies'])('a body that takes its time, with %s,', (copying) => {
  it.each(reading.filter(({ asks }) => asks === 'session'))(
    'has the session judged once more, and no token read: $name',
    async (route) => {
      const { app, ada, parts, now } = await settled('cookie', {
        ...(copying === 'no copies' && { sessionCache: false }),
      });
      const before = now();
      const asked = await counting(parts)(async () => {
        const request = heldBody(app, ada, route.method, pathOf(route.path, ada.id), bodyOf(route) ?? {});
        await request.waiting;
        // Something else happens meanwhile.
        await new Client(app, 'cookie').get('/api/policy');
        await new Promise(setImmediate);
        expect(unproved.has(route.name) ? [401] : [200, 201, 204, 404]).toContain((await request.arrive()).status);
      });
      print(`${route.name}, held back`, asked);
      expect(now()).toBe(before);
      const judging = copying === 'copies' && isCopied(route) ? 0 : 2;
      // Sign-out looks at the session only once the body is there.
      expect(asked).toMatchObject({ verifies: 1, loads: route.path.endsWith('/logout') ? 1 : judging });
      expect(asked.appends).toBeLessThanOrEqual(1);
    },
  );
});

describe('a signature', () => {
  it('is verified with each configured key at most once', async () => {
    const secrets = ['the present secret, long enough for all', 'the one before it, long enough as well'] as const;
    const claims = { sid: 's', sub: 'u', gen: 0, iat: 1, exp: 2 };
    const older = await createTokens(await createKeys(secrets[1])).sign(claims);
    const tokens = createTokens(await createKeys(secrets[0], [secrets[1]]));
    const verified = vi.spyOn(crypto.subtle, 'verify');
    expect(await tokens.verify(older)).toEqual(claims);
    expect(verified).toHaveBeenCalledTimes(2);
    verified.mockClear();
    const newer = await tokens.sign(claims);
    expect(await tokens.verify(newer)).toEqual(claims);
    expect(verified).toHaveBeenCalledTimes(1);
    verified.mockClear();
    expect(await tokens.verify(newer)).toEqual(claims);
    expect(await tokens.verify(older)).toEqual(claims);
    expect(verified).not.toHaveBeenCalled();
    verified.mockRestore();
  });

  it.each(['HS256', 'EdDSA'] as const)(
    'is remembered of the very token that has it, and of no other: %s',
    async (alg) => {
      const keys = await createKeys('a secret that is long enough for all of them', [], alg);
      const tokens = createTokens(keys);
      const token = await tokens.sign({ sid: 's', sub: 'u', gen: 0, iat: 1, exp: 2 });
      await tokens.verify(token);
      expect(tokens.verified(token)).toMatchObject({ sid: 's' });
      for (let at = 0; at < token.length; at += 1) {
        const other = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
        expect(tokens.verified(other)).toBeUndefined();
        expect(await tokens.verify(other)).toBeNull();
        expect(tokens.verified(other)).toBeUndefined();
      }
      expect(createTokens(keys).verified(token)).toBeUndefined();
    },
  );

  it('of whoever comes with a forged one, or with none, loads nothing', async () => {
    const { client, parts } = await createWorld();
    const nobody = client('bearer');
    const count = counting(parts);
    expect(await count(() => nobody.get('/api/settings'))).toEqual({ verifies: 0, loads: 0, appends: 0, steps: 0 });
    const forged = () => nobody.get('/api/settings', { Authorization: 'Bearer forged' });
    expect(await count(forged)).toEqual({ verifies: 1, loads: 0, appends: 0, steps: 0 });
  });
});
