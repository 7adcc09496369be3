import { describe, expect, test } from 'vitest';
import { hours, minutes, presets, seconds } from '../../../machines/index.ts';
import { passwords } from '../../../server/index.ts';
import { createVerbWorld, kinds } from '../../support/server/verbs.ts';
import { lapse, modes, origin } from '../../support/server/world.ts';

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

describe.each(kinds)('signIn on %s', (kind) => {
  describe.each(modes)('in %s mode', (mode) => {
    test('starts a session by the proof, and the log says how, when and by whose word', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor(mode);
      const { status, body } = await ada.signIn({
        method: ['otp', 'mfa'],
        authenticatedAt: world.now() - minutes(3),
        issuer: 'https://id.example',
        amr: ['otp', 'vendor-word'],
        acr: 'gold',
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ ok: true, session: { state: 'active' }, vaultKey: { key: expect.any(String) } });
      expect(body.token !== undefined).toBe(mode === 'bearer');
      expect((await ada.ask()).body).toMatchObject({ id: body.session.id, user: 'ada' });
      const [started] = await world.events(body.session.id);
      expect(started).toMatchObject({
        type: 'session.started',
        data: {
          method: ['otp', 'mfa'],
          provedAt: world.now() - minutes(3),
          issuer: 'https://id.example',
          amr: ['otp', 'vendor-word'],
          acr: 'gold',
        },
      });
    });

    test('by the same user goes on with the session of the browser, live', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor(mode);
      await ada.signIn();
      const { id } = ada;
      world.pass(minutes(1));
      expect((await ada.signIn()).body.session.id).toBe(id);
      expect(typesOf(await world.events(id))).toEqual(['session.started', 'user.reauthenticated']);
      expect((await ada.ask()).status).toBe(200);
      expect(await world.curfew.sessions({ user: 'ada' })).toHaveLength(1);
    });

    test('by the same user goes on with the session of the browser, lapsed', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor(mode);
      await ada.signIn();
      const { id } = ada;
      world.pass(lapse);
      expect((await ada.ask()).body.code).toBe('session_lapsed');
      expect((await ada.signIn()).body.session).toMatchObject({ id, state: 'active' });
      expect((await ada.ask()).status).toBe(200);
    });

    test('by the same user in the place of a session that has ended makes a new one', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor(mode);
      await ada.signIn();
      const { id } = ada;
      await world.curfew.revoke({ session: id }, { reason: 'test' });
      world.pass(1);
      const { status, body } = await ada.signIn();
      expect(status).toBe(200);
      expect(body.session.id).not.toBe(id);
      expect((await ada.ask()).status).toBe(200);
    });

    test('by another user displaces the session of the browser, in the same step', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor(mode);
      await ada.signIn();
      const before = ada.twin();
      const { body } = await ada.signIn({ user: 'bob' });
      expect((await before.get('/api/hello')).body).toMatchObject({ code: 'session_ended', reason: 'displaced' });
      const last = (await world.events(before.id)).at(-1);
      expect(last).toMatchObject({ type: 'session.displaced', data: { by: body.session.id } });
      expect((await ada.ask()).body.user).toBe('bob');
    });
  });

  test('of two tabs at once opens both: one session, nothing displaced', async () => {
    const world = await createVerbWorld(kind);
    const one = world.visitor();
    await one.signIn();
    world.pass(lapse);
    const proof = { authenticatedAt: world.now() };
    world.pass(seconds(1));
    const two = Object.assign(world.visitor(), { token: one.token });
    const answers = await Promise.all([one.signIn(proof), two.signIn(proof)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(answers.map(({ body }) => body.session.id)).size).toBe(1);
    expect(typesOf(await world.events(one.id)).filter((type) => type === 'user.reauthenticated')).toHaveLength(1);
    // Both tabs have one jar: it holds what came last, and either opens the session.
    for (const tab of [one, two]) expect((await tab.ask()).status).toBe(200);
  });

  test('says what a Curfew client has sent: the session was heard from then on', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn({}, { 'Session-Activity': 'user' });
    expect((await world.events(ada.id))[0]?.data).toMatchObject({ heard: true });
  });

  test('keeps name and role apart from the log, and the role counts at once', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn({ user: { id: 'u1', name: 'Ada Lovelace', role: 'administrator' } });
    expect(JSON.stringify(await world.events(ada.id))).not.toContain('Lovelace');
    expect(await world.store.people.get('u1')).toEqual({ name: 'Ada Lovelace', role: 'administrator' });
    expect((await ada.get('/api/admin/sessions')).status).toBe(200);
    world.pass(1);
    await ada.signIn({ user: { id: 'u1', name: 'Ada Lovelace' } });
    expect((await ada.get('/api/admin/sessions')).status).toBe(403);
  });

  describe('for a session that is named', () => {
    test('acts on that session', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor();
      await ada.signIn();
      world.pass(lapse);
      expect((await ada.signIn({ session: ada.id })).body.session).toMatchObject({ id: ada.id, state: 'active' });
    });

    test('refuses another user with session_mismatch, and displaces nothing', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor();
      await ada.signIn();
      const { status, body } = await ada.signIn({ user: 'bob', session: ada.id });
      expect([status, body.code]).toEqual([409, 'session_mismatch']);
      expect((await ada.ask()).body.user).toBe('ada');
      expect(await world.curfew.sessions({ user: 'bob' })).toEqual([]);
    });

    test('refuses a browser that has another one with session_mismatch, and displaces nothing', async () => {
      const world = await createVerbWorld(kind);
      const [ada, bob] = [world.visitor(), world.visitor()];
      await ada.signIn();
      await bob.signIn({ user: 'bob' });
      const { status, body } = await bob.signIn({ session: ada.id });
      expect([status, body.code]).toEqual([409, 'session_mismatch']);
      expect((await bob.ask()).body.user).toBe('bob');
    });

    test.each([
      [
        'has ended',
        async (world: Awaited<ReturnType<typeof createVerbWorld>>, id: string) =>
          void (await world.curfew.revoke({ session: id }, { reason: 'test' })),
      ],
      ['can be resumed no more', async (world: Awaited<ReturnType<typeof createVerbWorld>>) => world.pass(hours(40))],
    ])('refuses with session_ended (410) when it %s, and starts no other', async (_, end) => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor();
      await ada.signIn();
      await end(world, ada.id);
      world.pass(1);
      const { status, body, headers } = await ada.signIn({ session: ada.id });
      expect([status, body.code]).toEqual([410, 'session_ended']);
      expect(headers.get('Session-Status')).toContain('ended');
      expect(await world.curfew.sessions({ user: 'ada' })).toEqual([]);
    });

    test('refuses one that is not known with session_ended', async () => {
      const world = await createVerbWorld(kind);
      const { status, body } = await world.visitor().signIn({ session: 'nothing' });
      expect([status, body.code]).toEqual([410, 'session_ended']);
    });

    test('refuses a page of another session by its Session-Id', async () => {
      const world = await createVerbWorld(kind);
      const ada = world.visitor();
      await ada.signIn();
      expect((await ada.signIn({}, { 'Session-Id': 'another' })).body.code).toBe('session_mismatch');
    });
  });

  test('refuses one session too many with session_limit where the policy says deny', async () => {
    const world = await createVerbWorld(kind, { policy: { maxSessions: 1, onLimit: 'deny' } });
    await world.visitor().signIn();
    const { status, body } = await world.visitor().signIn();
    expect([status, body.code]).toEqual([409, 'session_limit']);
  });

  test('refuses unsafe requests of other sites with cross_site, before anything is made', async () => {
    const world = await createVerbWorld(kind);
    const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const { status, body, headers } = await world.visitor().signIn({}, foreign);
    expect([status, body.code]).toEqual([403, 'cross_site']);
    expect(headers.get('Set-Cookie')).toBeNull();
    expect(await world.curfew.sessions({ user: 'ada' })).toEqual([]);
    expect(
      (await world.store.securityLog({ account: String, address: String, pair: String }).since(0, 9))[0],
    ).toMatchObject({
      kind: 'cross_site_refused',
    });
  });

  test('takes the callback of a provider: a GET that another site has led to', async () => {
    const world = await createVerbWorld(kind);
    const request = new Request(`${origin}/callback?code=x`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    const result = await world.curfew.signIn(request, { user: 'ada', method: [], authenticatedAt: world.now() });
    expect(result).toMatchObject({ ok: true, session: { state: 'active' } });
    expect(result.headers.get('Set-Cookie')).toMatch(/^__Host-curfew=.+; HttpOnly/);
    expect(result.headers.get('Cache-Control')).toBe('no-store');
  });

  test('given a context of Hono has set the headers itself, and given a Request leaves them to the application', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    const { headers } = await ada.signIn();
    expect(headers.get('Set-Cookie')).toMatch(/^__Host-curfew=/);
    expect(headers.get('Session-Status')).toMatch(/^active/);
  });

  test('answers unavailable (503) and admits nobody when the policy of a user cannot be told', async () => {
    let answer: unknown = {};
    const world = await createVerbWorld(kind, {
      policy: async (user) => {
        if (user.id === 'eve') throw new Error('the directory is away');
        return answer as object;
      },
    });
    expect((await world.visitor().signIn()).status).toBe(200);
    const { status, body } = await world.visitor().signIn({ user: 'eve' });
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(await world.curfew.sessions({ user: 'eve' })).toEqual([]);
    for (answer of [{ idleTimeout: -1 }, { preset: 'none' }, { nonsense: 1 }, null, 'standard'])
      expect((await world.visitor().signIn({ user: 'zoe' })).status).toBe(503);
    expect(JSON.stringify(world.lines)).toContain('the directory is away');
  });

  test('asks for the policy of users with passwords as well: who has none of either is not signed in', async () => {
    const asked: unknown[] = [];
    const accounts = passwords({
      find: async (username) => ({ id: `id of ${username}`, username, role: 'clerk' }),
      byId: async (id) => ({ id, username: id, role: 'clerk' }),
      verify: async () => true,
    });
    const world = await createVerbWorld(kind, {
      accounts,
      policy(user) {
        asked.push(user);
        if (user.id.includes('eve')) throw new Error('away');
        return { idleTimeout: minutes(20) };
      },
    });
    const ada = world.visitor();
    const { status, body } = await ada.login();
    expect([status, body.session.policy.idleTimeout]).toEqual([200, minutes(20)]);
    expect(asked).toEqual([{ id: 'id of ada', role: 'clerk' }]);
    expect((await world.events(ada.id))[0]?.data).toMatchObject({ method: ['pwd'] });
    expect(await world.visitor().login('eve')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    world.pass(1);
    await ada.signIn({ user: 'id of ada' });
    expect(asked.at(-1)).toEqual({ id: 'id of ada', role: 'clerk' });
  });

  test('asks for the policy of the user with their role each time', async () => {
    const asked: unknown[] = [];
    const world = await createVerbWorld(kind, {
      policy: (user) => {
        asked.push(user);
        return user.role === 'guest' ? { ...presets.standard, idleTimeout: minutes(10) } : {};
      },
    });
    const guest = world.visitor();
    const { body } = await guest.signIn({ user: { id: 'g1', role: 'guest' } });
    expect(body.session.policy.idleTimeout).toBe(minutes(10));
    expect(asked).toEqual([{ id: 'g1', role: 'guest' }]);
    world.pass(minutes(11));
    expect((await guest.signIn({ user: 'g1' })).body.session.policy.idleTimeout).toBe(minutes(30));
  });
});
