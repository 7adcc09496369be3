import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { heldBody } from '../../support/server/heldBody.ts';
import { createWorld, lapse, modes, t0, type Client } from '../../support/server/world.ts';

const writing: readonly [method: string, path: string, json: object][] = [
  ['POST', '/api/auth/activity', { ageMs: 0 }],
  ['POST', '/api/auth/refresh', { intent: 'extend' }],
  ['PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 }],
  ['POST', '/api/conversations', { title: 'Too late' }],
  ['PUT', '/api/settings', { theme: 'dark', density: 'compact' }],
];

describe.each(modes)('a body that is held back, %s mode', (mode) => {
  it.each(writing)(
    'Promise 1, ASVS 7.4.1 does nothing when the session has ended meanwhile: %s %s',
    async (method, path, json) => {
      const world = await createWorld();
      const thief = world.client(mode);
      await thief.register();
      const owner = thief.twin();
      const request = heldBody(world.app, thief, method, path, json);
      await request.waiting;
      await owner.post('/api/auth/logout');
      const before = world.changes();
      expect(await request.arrive()).toMatchObject({
        status: 401,
        session: expect.stringMatching(/^ended; reason=signed_out/),
        body: { code: 'session_ended', reason: 'signed_out' },
      });
      expect(world.changes()).toBe(before);
    },
  );

  it.each(writing)('does nothing when the session has lapsed meanwhile: %s %s', async (method, path, json) => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    const request = heldBody(world.app, ada, method, path, json);
    await request.waiting;
    world.pass(lapse);
    expect(await request.arrive()).toMatchObject({
      status: 401,
      session: expect.stringMatching(/^lapsed; reason=idle/),
      body: { code: 'session_lapsed', reason: 'idle' },
    });
    expect((await world.events(ada.id)).at(-1)).toMatchObject({ to: 'lapsed.idle', at: t0 + minutes(30) });
  });

  it.each(writing)(
    'ASVS 7.2.4 does nothing when its token was voided by a re-authentication: %s %s',
    async (method, path, json) => {
      const world = await createWorld();
      const thief = world.client(mode);
      await thief.register();
      const owner = thief.twin();
      const request = heldBody(world.app, thief, method, path, json);
      await request.waiting;
      world.pass(minutes(5));
      await owner.post('/api/auth/reauthenticate', { password: 'correct horse' });
      world.pass(minutes(5));
      const before = world.changes();
      expect(await request.arrive()).toMatchObject({
        status: 401,
        session: expect.stringMatching(/^active/),
        body: { code: 'token_superseded' },
      });
      expect(world.changes()).toBe(before);
    },
  );

  it('cannot bring a session back by re-authenticating after its end', async () => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    const owner = ada.twin();
    const request = heldBody(world.app, ada, 'POST', '/api/auth/reauthenticate', { password: 'correct horse' });
    await request.waiting;
    await owner.post('/api/auth/logout');
    expect(await request.arrive()).toMatchObject({
      status: 410,
      body: { code: 'session_ended', reason: 'signed_out' },
    });
    expect((await world.events(ada.id)).at(-1)).toMatchObject({ to: 'ended.signedOut' });
  });
});

describe.each(modes)('a draft that is written while its session ends, %s mode', (mode) => {
  const begin = async (json: object) => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    const owner = ada.twin();
    const { drafts } = world.parts;
    const put = drafts.put.bind(drafts);
    // The request was let in; before anything is written the same person signs out.
    drafts.put = async (...draft) => {
      drafts.put = put;
      await owner.post('/api/auth/logout', json);
      return put(...draft);
    };
    const answer = await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 });
    return { answer, left: await drafts.list(ada.user?.id ?? '', world.now()), events: await world.events(ada.id) };
  };

  it('does not stay on the server when the device was to be forgotten, and the log says that it was', async () => {
    const { answer, left, events } = await begin({ forgetDevice: true });
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
    expect(left).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'user.signedOut', data: { forgetDevice: true } });
  });

  it('stays where nobody asked to forget it, for it is work', async () => {
    const { answer, left, events } = await begin({});
    expect(answer.status).toBe(201);
    expect(left).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'user.signedOut', data: {} });
  });
});

describe('a sign-in that is under way', () => {
  it('ASVS 7.4.3 gets nothing when all other sessions are ended meanwhile', async () => {
    const { client, parts } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    const { accounts } = parts;
    const prove = accounts.confirmPassword.bind(accounts);
    accounts.confirmPassword = async (...proof) => {
      accounts.confirmPassword = prove;
      const proved = await prove(...proof);
      expect((await ada.call('DELETE', '/api/auth/sessions')).status).toBe(204);
      return proved;
    };
    const answer = await client('bearer').login();
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'invalid_credentials' });
    expect(await parts.log.sessionsOf(ada.user?.id ?? '')).toHaveLength(1);
  });
});

describe('a store that breaks in the middle', () => {
  const broken = async () => {
    throw new StoreUnavailable('the database is unavailable: full');
  };

  it('ASVS 16.5.2 of a sign-in leaves no session that nobody knows of, and hands out no cookie', async () => {
    const { client, parts } = await createWorld();
    const ada = client();
    await ada.register();
    parts.vault.keysOf = broken;
    for (const answer of [await client().login(), await client('bearer').login()]) {
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'unavailable' });
      expect(answer.headers.get('Retry-After')).toBe('5');
      expect(answer.headers.get('Set-Cookie')).toBeNull();
    }
    expect(await parts.log.sessionsOf(ada.user?.id ?? '')).toHaveLength(1);
  });

  it('of a re-authentication voids no token and restores nothing', async () => {
    const { client, parts, events, pass } = await createWorld();
    const ada = client();
    await ada.register();
    pass(lapse);
    await ada.get('/api/auth/session-info');
    const before = await events(ada.id);
    const whole = parts.vault.keysOf.bind(parts.vault);
    parts.vault.keysOf = broken;
    const answer = await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Set-Cookie')).toBeNull();
    expect(await events(ada.id)).toEqual(before);
    parts.vault.keysOf = whole;
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
  });

  it.each(['load', 'append'] as const)(
    'ASVS 16.5.3 of judging (%s) is a 503 on every route, never an answer',
    async (part) => {
      const { client, parts, pass } = await createWorld();
      const ada = client();
      await ada.register();
      pass(minutes(26));
      parts.log[part] = broken;
      for (const [method, path, json] of [
        ...writing,
        ['GET', '/api/auth/me'],
        ['GET', '/api/auth/vault-key'],
        ['GET', '/api/drafts'],
      ] as const) {
        const answer = await ada.call(method, path, json);
        expect({ path, status: answer.status }).toEqual({ path, status: 503 });
        expect(answer.headers.get('Cache-Control')).toBe('no-store');
      }
    },
  );
});

describe('the fine print of answers', () => {
  it('Session-Status is on every answer to whoever was recognised, refusals included', async () => {
    const { client, pass } = await createWorld({ policy: { tokenLifetime: hours(12) } });
    const ada = client();
    await ada.register();
    const old = ada.twin();
    pass(minutes(1));
    const status = async (client_: Client, method: string, path: string, json?: unknown) =>
      (await client_.call(method, path, json)).headers.get('Session-Status');
    const active = /^active; expires-in=\d+; version=\d+$/;
    for (const path of [
      'me',
      'session-info',
      'sessions',
      'vault-key',
      `sessions/${ada.id}/events`,
      'sessions/none/events',
    ])
      expect(await status(ada, 'GET', `/api/auth/${path}`), path).toMatch(active);
    for (const path of [
      '/api/settings',
      '/api/conversations',
      '/api/conversations/none',
      '/api/drafts',
      '/api/drafts/none',
      '/api/nowhere',
    ])
      expect(await status(ada, 'GET', path), path).toMatch(active);
    expect(await status(ada, 'POST', '/api/auth/refresh', { intent: 7 })).toMatch(active);
    expect(await status(ada, 'POST', '/api/auth/refresh', {})).toMatch(active);
    expect(await status(ada, 'POST', '/api/auth/activity', { ageMs: 0 })).toMatch(active);
    expect(await status(ada, 'POST', '/api/auth/reauthenticate', { password: 'wrong' })).toMatch(active);
    pass(minutes(11));
    expect(await status(ada, 'DELETE', '/api/auth/sessions')).toMatch(active);
    expect(await status(ada, 'POST', '/api/auth/reauthenticate', { password: 'correct horse' })).toMatch(active);
    expect(await status(old, 'GET', '/api/auth/me')).toMatch(active);
    expect(await status(old, 'POST', '/api/auth/refresh', {})).toMatch(active);
    pass(lapse);
    expect(await status(ada, 'GET', '/api/settings')).toMatch(/^lapsed; reason=idle; version=\d+$/);
    expect(await status(ada, 'GET', '/api/auth/session-info')).toMatch(/^lapsed; reason=idle; version=\d+$/);
    expect(await status(ada, 'POST', '/api/auth/reauthenticate', {})).toMatch(/^lapsed; reason=idle; version=\d+$/);
    const zombie = ada.twin();
    expect(await status(ada, 'POST', '/api/auth/logout')).toMatch(/^ended; reason=signed_out; version=\d+$/);
    expect(await status(zombie, 'POST', '/api/auth/reauthenticate', { password: 'x' })).toMatch(
      /^ended; reason=signed_out/,
    );
  });

  it('a 410 says everything that a 401 of the same session says', async () => {
    const { client, pass } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    pass(minutes(30) + hours(24));
    const { title: _, status: refused, ...told } = (await ada.get('/api/settings')).body;
    const answer = await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    const { title: __, status, ...again } = answer.body;
    expect([refused, status, answer.status]).toEqual([401, 410, 410]);
    expect(again).toEqual(told);
    expect(told).toMatchObject({
      code: 'session_ended',
      reason: 'expired',
      lapsedFor: 'idle',
      lapsedAt: t0 + minutes(30),
      endedAt: t0 + minutes(30) + hours(24),
      restorable: false,
      serverNow: t0 + minutes(30) + hours(24),
    });
    expect(answer.headers.has('WWW-Authenticate')).toBe(false);
  });

  it('ASVS 16.4.1 nothing that a client sends can begin a line of its own in the log', async () => {
    const { client, lines, parts } = await createWorld();
    const ada = client('bearer');
    const forged = '\r\n{"msg":"session","type":"user.signedOut"}\u2028\u2029\u001b[2J';
    await ada.login(`ada${forged}`, 'correct horse');
    await ada.register('ada', 'correct horse');
    await ada.get(`/api/drafts/${encodeURIComponent(forged)}`);
    await ada.get(`/api/auth/sessions/${encodeURIComponent(forged)}/events`);
    await ada.post('/api/auth/refresh', { [forged]: 1 });
    const written = lines.map((line) => JSON.stringify(line));
    expect(written.length).toBeGreaterThan(4);
    for (const line of written) expect(line).not.toMatch(/[\n\r]/);
    expect(JSON.stringify(await parts.securityLog.since(0, 10))).not.toContain('signedOut');
  });
});

describe('tokens that others verify (EdDSA)', () => {
  it('name their key, which is published without its private part, and verify with nothing else', async () => {
    const { client, parts } = await createWorld({ algorithm: 'EdDSA' });
    const ada = client('bearer');
    await ada.register();
    const { body } = await client('bearer').get('/.well-known/jwks.json');
    expect(body.keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), alg: 'EdDSA', use: 'sig', kid: expect.any(String) },
    ]);
    const verified = await jwtVerify(ada.token ?? '', createLocalJWKSet(body), {
      issuer: 'curfew',
      audience: 'curfew',
      typ: 'session+jwt',
      algorithms: ['EdDSA'],
      currentDate: new Date(t0),
    });
    expect(verified.protectedHeader).toMatchObject({ kid: body.keys[0].kid });
    expect(verified.payload).toMatchObject({ sid: ada.id, gen: 0 });
    expect(parts.keys.publicKeys).toHaveLength(1);
  });

  it('and where the key is a shared secret nothing is published', async () => {
    const { client } = await createWorld();
    expect((await client().get('/.well-known/jwks.json')).body).toEqual({ keys: [] });
  });
});
