import { afterAll, describe, expect, it, vi } from 'vitest';
import { hours, minutes, seconds, sessionMachine } from '../../machines/index.ts';
import { createKeys } from '../../server/keys/signingKeys.ts';
import { createTokens } from '../../server/keys/sessionTokens.ts';
import type { Dependencies } from '../../server/routes/dependencies.ts';
import { heldBody } from '../support/server/heldBody.ts';
import { settled } from '../support/server/refusal.ts';
import { asking, goodOf, pathOf, reading, table } from '../support/server/rows.ts';
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
  const stepped = vi.spyOn(sessionMachine, 'resolveState');
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

/** Its two verbs load what they end, each for itself. */
const byVerbs = new Set(['DELETE /api/account']);
/**
 * Its session is judged once and watched, for the file may be long: the watch looks when it begins, when its subscription
 * is heard (on PostgreSQL, during the request or after it), and when something is written.
 */
const watched = 'GET /api/auth/me/export';
/** How often a request for a route may load its session. */
function loadsOf({ name, asks }: Route): readonly number[] {
  if (name === watched) return [2, 3, 4];
  if (byVerbs.has(name)) return [2];
  return asks === 'session' || asks === 'optional' ? [1] : [0];
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

describe.each(['memory', 'sqlite', 'postgres'] as const)('on a log in %s, a request', (log) => {
  it.each(ending)(
    'verifies one signature and loads its session once, and writes and steps nothing for nothing: $name',
    async (route) => {
      const { ada, parts } = await settled('cookie', { log, heard: true });
      const count = counting(parts);
      const asked = await count(async () => {
        await ask(ada, route, 'background');
      });
      if (log === 'sqlite') print(route.name, asked);
      const signatures = route.asks === 'none' ? 0 : 1;
      const changes = writes.has(route.name) ? 1 : 0;
      expect(asked.verifies).toBe(signatures);
      expect(loadsOf(route)).toContain(asked.loads);
      expect(asked.appends).toBe(changes);
      expect(asked.steps).toBeLessThanOrEqual(changes);
    },
  );
});

describe('a request', () => {
  it.each(counted)('loads once and appends once when it is recorded as activity: $name', async (route) => {
    const { ada, parts } = await settled('cookie', { heard: true });
    const asked = await counting(parts)(() => ask(ada, route, 'user'));
    print(`${route.name}, a person`, asked);
    const isUnderstood = (await parts.log.load(ada.id))?.state.context.version === 2;
    expect(asked).toMatchObject({ verifies: 1, loads: 1, appends: isUnderstood ? 1 : 0 });
    expect(asked.steps).toBeLessThanOrEqual(1);
  });

  it('appends the first use of a token, the first word of its client and activity at once', async () => {
    const { ada, parts, pass, events } = await settled();
    await ada.post('/api/auth/refresh');
    pass(minutes(2));
    const count = counting(parts);
    const asked = await count(() => ada.get('/api/settings'));
    print('GET /api/settings, first use of a token, a person', asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 1, appends: 1 });
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
      expect(loadsOf(route)).toContain(asked.loads);
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
    expect(await count(() => ada.get('/api/settings'))).toEqual({ verifies: 1, loads: 1, appends: 0, steps: 0 });
  });

  it('of a dead session is refused with one load, and recorded with one append now and then', async () => {
    const { ada, parts, pass } = await settled('cookie', { policy: { tokenLifetime: hours(12) } });
    pass(lapse);
    const count = counting(parts);
    const dead = async () => expect((await ada.get('/api/settings')).status).toBe(401);
    const asked = await count(dead);
    print('GET /api/settings, of a session that has timed out', asked);
    expect(asked).toMatchObject({ verifies: 1, loads: 1, appends: 1 });
    expect(await count(dead)).toEqual({ verifies: 1, loads: 1, appends: 0, steps: 0 });
    pass(minutes(1));
    expect(await count(dead)).toMatchObject({ verifies: 1, loads: 1, appends: 1 });
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

describe('a body that takes its time', () => {
  it.each(reading.filter(({ asks }) => asks === 'session'))(
    'has the session loaded once more, and no signature verified: $name',
    async (route) => {
      const { app, ada, parts, now } = await settled();
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
      // Sign-out looks at the session only once the body is there.
      expect(asked).toMatchObject({ verifies: 1, loads: route.path.endsWith('/logout') ? 1 : 2 });
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
    expect(await tokens.verify(older)).toMatchObject(claims);
    expect(verified).toHaveBeenCalledTimes(2);
    verified.mockClear();
    expect(await tokens.verify(await tokens.sign(claims))).toMatchObject(claims);
    expect(verified).toHaveBeenCalledTimes(1);
    verified.mockRestore();
  });

  it('of whoever comes with a forged one, or with none, loads nothing', async () => {
    const { client, parts } = await createWorld();
    const nobody = client('bearer');
    const count = counting(parts);
    expect(await count(() => nobody.get('/api/settings'))).toEqual({ verifies: 0, loads: 0, appends: 0, steps: 0 });
    const forged = () => nobody.get('/api/settings', { Authorization: 'Bearer forged' });
    expect(await count(forged)).toEqual({ verifies: 1, loads: 0, appends: 0, steps: 0 });
  });
});
