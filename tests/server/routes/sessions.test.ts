import { describe, expect, it } from 'vitest';
import { hours, minutes, replay, seconds } from '../../../machines/index.ts';
import { createWorld, lapse, modes, t0 } from '../../support/server/world.ts';

describe.each(modes)('a session over HTTP, %s mode', (mode) => {
  it('begins with a sign-in that says who, how long, and hands out a credential', async () => {
    const { client } = await createWorld();
    const ada = client(mode);
    const registered = await ada.register();
    expect(registered.status).toBe(201);
    expect(registered.body).toMatchObject({
      user: { username: 'ada' },
      session: {
        state: 'active',
        leaf: 'active.fresh',
        version: 1,
        serverNow: t0,
        idleDeadline: t0 + minutes(30),
        tokenExpiresAt: t0 + minutes(30),
      },
      vaultKey: { id: expect.any(String), key: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect('token' in registered.body).toBe(mode === 'bearer');
    expect(registered.headers.has('Set-Cookie')).toBe(mode === 'cookie');
    expect((await ada.get('/api/auth/me')).body).toEqual({ user: registered.body.user });
  });

  it('is warned about in every answer of the last five minutes', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    expect((await ada.get('/api/auth/me')).headers.get('Session-Status')).toBe('active; expires-in=1800; version=1');
    pass(minutes(26));
    expect((await ada.get('/api/auth/me')).headers.get('Session-Status')).toBe(
      'expiring; expires-in=240; reason=idle; version=2',
    );
  });

  it('ASVS 7.3.1 is refused at its deadline with the details of the time-out, and 1 ms before it is not', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    pass(minutes(30) - 1);
    // The token expires in whole seconds, here together with the idle limit.
    expect((await ada.get('/api/auth/session-info')).body.session).toMatchObject({ state: 'expiring' });
    pass(1);
    const refused = await ada.get('/api/drafts');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('WWW-Authenticate')).toMatch(/^Bearer /);
    expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
    expect(refused.headers.has('Set-Cookie')).toBe(false);
    expect(refused.body).toMatchObject({
      code: 'session_lapsed',
      reason: 'idle',
      lapsedAt: t0 + minutes(30),
      restorable: true,
      restorableUntil: t0 + minutes(30) + hours(24),
      serverNow: t0 + minutes(30),
    });
  });

  it('goes on when a person answers, with a new token', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const before = ada.token;
    pass(minutes(26));
    const extended = await ada.post('/api/auth/refresh', { intent: 'extend' });
    expect(extended.status).toBe(200);
    expect(extended.body.session).toMatchObject({ state: 'active', idleDeadline: t0 + minutes(56) });
    expect(ada.token).not.toBe(before);
    pass(minutes(20));
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });

  it('Promise 3, NIST SP 800-63B-4 §5.1.2: is not kept alive by rotation, reading, polling or the stream', async () => {
    const { client, pass, now } = await createWorld();
    const ada = client(mode);
    await ada.register();
    for (let minute = 0; minute < 29; minute++) {
      pass(minutes(1));
      await ada.get('/api/auth/session-info');
      await ada.get('/api/auth/me');
      await ada.get('/api/auth/sessions');
      await ada.get('/api/drafts', { 'Session-Activity': 'background' });
      if (minute % 5 === 0) await ada.post('/api/auth/refresh', { intent: 'rotate' });
    }
    expect(ada.session?.idleDeadline).toBe(t0 + minutes(30));
    pass(minutes(1));
    expect(now()).toBe(t0 + minutes(30));
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_lapsed', reason: 'idle' });
  });

  it('is kept alive by a request that declares a person', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    for (let time = 0; time < 3; time++) {
      pass(minutes(20));
      expect((await ada.get('/api/drafts', { 'Session-Activity': 'user;age=60000' })).status).toBe(200);
      await ada.post('/api/auth/refresh');
    }
    expect(ada.session?.lastActivityAt).toBe(t0 + minutes(59));
  });

  it('NIST SP 800-63B-4 §5.2 is restored by the password alone, in the same stream, and both its clocks restart', async () => {
    const { client, pass, events } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const { id } = ada;
    pass(lapse);
    expect((await ada.post('/api/auth/reauthenticate', { password: 'wrong' })).body).toMatchObject({
      code: 'invalid_credentials',
    });
    expect((await ada.get('/api/auth/vault-key')).body).toMatchObject({ code: 'session_lapsed' });
    const restored = await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(restored.status).toBe(200);
    expect(restored.body).toMatchObject({ user: { username: 'ada' }, session: { id, state: 'active' }, vaultKey: {} });
    const { idleTimeout, absoluteTimeout } = restored.body.session.policy;
    expect(restored.body.session).toMatchObject({
      idleDeadline: t0 + lapse + idleTimeout,
      absoluteDeadline: t0 + lapse + absoluteTimeout,
    });
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect((await events(id)).map(({ type }) => type)).toEqual([
      'session.started',
      'clock.reached',
      'clock.reached',
      'user.reauthenticated',
    ]);
  });

  it('ASVS 7.4.1 is over at once when signed out, although its token is signed and unexpired', async () => {
    const { client } = await createWorld();
    const ada = client(mode);
    await ada.register();
    const thief = ada.twin();
    const out = await ada.post('/api/auth/logout');
    expect(out.status).toBe(204);
    if (mode === 'cookie')
      expect(out.headers.get('Set-Cookie')).toMatch(
        /^__Host-curfew=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax/,
      );
    expect((await thief.get('/api/auth/me')).body).toMatchObject({
      code: 'session_ended',
      reason: 'signed_out',
      restorable: false,
    });
    expect((await thief.post('/api/auth/refresh')).body).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
    const back = await thief.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(back.status).toBe(410);
    expect(back.body).toMatchObject({ code: 'session_ended', reason: 'signed_out', endedAt: t0 });
  });

  it('logs every transition, and the log replays to the same state with each time-out at its deadline', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    await ada.register();
    pass(minutes(26));
    await ada.post('/api/auth/refresh', { intent: 'extend' });
    pass(minutes(99));
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    const { events, replay: server, next } = (await ada.get(`/api/auth/sessions/${ada.id}/events`)).body;
    expect(next).toBeUndefined();
    expect(replay(events)).toEqual(server);
    const timeouts = events.filter(({ type }: { type: string }) => type === 'clock.reached');
    expect(timeouts.map(({ at, to }: { at: number; to: string }) => [at - t0, to])).toEqual([
      [minutes(25), 'active.expiring'],
      [minutes(26 + 25), 'active.expiring'],
      [minutes(26 + 30), 'lapsed.idle'],
    ]);
    const after = (await ada.get(`/api/auth/sessions/${ada.id}/events?after=3`)).body;
    expect(after.events).toEqual(events.slice(3));
  });
});

describe('between deadlines and inside the resolution', () => {
  it.each(['memory', 'sqlite'] as const)('1,000 requests write nothing (%s)', async (log) => {
    const { client, pass, events, changes } = await createWorld({ log });
    const ada = client();
    await ada.register('ada', 'correct horse', {}, { 'Session-Activity': 'user' });
    const before = { events: (await events(ada.id)).length, changes: changes() };
    for (let request = 0; request < 1000; request++) {
      pass(59);
      expect((await ada.get('/api/drafts', { 'Session-Activity': 'user' })).status).toBe(200);
    }
    expect({ events: (await events(ada.id)).length, changes: changes() }).toEqual(before);
    pass(seconds(1));
    await ada.get('/api/drafts', { 'Session-Activity': 'user' });
    expect((await events(ada.id)).at(-1)).toMatchObject({ type: 'activity.seen', at: t0 + seconds(60) });
  });
});

describe('what a request says about the person', () => {
  const idleAfter = async (headers: Record<string, string>, preset: 'standard' | 'pci' = 'standard') => {
    const { client, pass } = await createWorld({ preset });
    const ada = client();
    await ada.register();
    pass(minutes(5));
    await ada.get('/api/drafts', headers);
    await ada.get('/api/auth/session-info');
    return (ada.session?.lastActivityAt ?? 0) - t0;
  };

  it('counts by policy when it says nothing', async () => {
    expect(await idleAfter({})).toBe(minutes(5));
    expect(await idleAfter({}, 'pci')).toBe(0);
  });

  it('NIST SP 800-63B-4 §5.1.2 never counts from another site, from a prefetch, or when it cannot be read', async () => {
    expect(await idleAfter({ 'Sec-Fetch-Site': 'cross-site' })).toBe(0);
    expect(await idleAfter({ 'Sec-Purpose': 'prefetch' })).toBe(0);
    expect(await idleAfter({ 'Session-Activity': 'user;age=-5' })).toBe(0);
    expect(await idleAfter({ 'Session-Activity': 'robot' })).toBe(0);
  });

  it('counts with its age', async () => {
    expect(await idleAfter({ 'Session-Activity': 'user; age=60000' }, 'pci')).toBe(minutes(4));
  });
});
