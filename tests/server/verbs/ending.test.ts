import { describe, expect, test } from 'vitest';
import { days, minutes, seconds } from '../../../machines/index.ts';
import { verifyChain } from '../../../server/index.ts';
import { sweep } from '../../../server/sweeper.ts';
import { createVerbWorld, kinds, type VerbWorld } from '../../support/server/verbs.ts';
import { createWorld, lapse, modes, origin, secret } from '../../support/server/world.ts';

const reference = { issuer: 'https://id.example', sid: 's-1' };

async function three(world: VerbWorld) {
  const visitors = [world.visitor(), world.visitor(), world.visitor()] as const;
  const [one, two, bob] = visitors;
  await one.signIn({ reference });
  await two.signIn();
  await bob.signIn({ user: 'bob' });
  return visitors;
}

const statusesOf = async (visitors: readonly { ask: () => Promise<{ status: number }> }[]) =>
  Promise.all(visitors.map(async (each) => (await each.ask()).status));

describe.each(kinds)('revoke on %s', (kind) => {
  test('ends one session, by the application, with the reason in the log', async () => {
    const world = await createVerbWorld(kind);
    const all = await three(world);
    expect(await world.curfew.revoke({ session: all[0].id }, { reason: 'stolen laptop' })).toEqual({ ended: 1 });
    expect(await statusesOf(all)).toEqual([401, 200, 200]);
    expect((await world.events(all[0].id)).at(-1)).toMatchObject({
      type: 'session.revoked',
      data: { by: 'application', reason: 'stolen laptop' },
    });
    expect(await world.curfew.revoke({ session: all[0].id }, { reason: 'again' })).toEqual({ ended: 0 });
    expect(await world.curfew.revoke({ session: 'nothing' }, { reason: 'again' })).toEqual({ ended: 0 });
  });

  test('ends those of a user, lapsed ones too, but the one to be spared', async () => {
    const world = await createVerbWorld(kind);
    const [one, two, bob] = await three(world);
    world.pass(lapse);
    await two.signIn();
    expect(await world.curfew.revoke({ user: 'ada' }, { reason: 'test', except: two.id })).toEqual({ ended: 1 });
    expect((await one.ask()).body).toMatchObject({ code: 'session_ended', reason: 'revoked', lapsedFor: 'idle' });
    expect((await two.ask()).status).toBe(200);
    expect((await bob.ask()).body.code).toBe('session_lapsed');
  });

  test('ends those of a session at a provider, and refuses sign-ins that refer to it', async () => {
    const world = await createVerbWorld(kind);
    const all = await three(world);
    expect(await world.curfew.revoke({ reference }, { reason: 'test' })).toEqual({ ended: 1 });
    expect(await statusesOf(all)).toEqual([401, 200, 200]);
    world.pass(1);
    expect((await world.visitor().signIn({ reference })).body.code).toBe('stale_proof');
    expect((await world.visitor().signIn({ reference: { ...reference, sid: 's-2' } })).status).toBe(200);
  });

  test('ends all at one instant, known at once and written to the logs afterwards, dated at it', async () => {
    const world = await createVerbWorld(kind);
    const all = await three(world);
    world.pass(minutes(1));
    const at = world.now();
    expect(await world.curfew.revoke('all', { reason: 'leak', except: all[1].id })).toEqual({ ended: 2 });
    world.pass(minutes(4));
    expect((await world.events(all[0].id)).map(({ type }) => type)).toEqual(['session.started']);
    expect((await world.curfew.sessions({ user: 'ada' })).map(({ id }) => id)).toEqual([all[1].id]);
    expect(await statusesOf(all)).toEqual([401, 200, 401]);
    const ended = await world.events(all[0].id);
    expect(ended.find(({ type }) => type === 'session.revoked')).toMatchObject({
      at,
      recordedAt: world.now(),
      data: { reason: 'leak' },
    });
    expect(verifyChain(ended)).toBeNull();
    expect(await world.curfew.revoke('all', { reason: 'again' })).toEqual({ ended: 1 });
  });

  test('of all is seen in lists before it is written: of the user, and of administrators', async () => {
    const world = await createVerbWorld(kind);
    const [one, two] = await three(world);
    const admin = world.visitor();
    await admin.signIn({ user: { id: 'root', role: 'administrator' } });
    await world.curfew.revoke('all', { reason: 'leak', except: admin.id });
    const ids = async (query: string) =>
      (await admin.get(`/api/admin/sessions?${query}`)).body.sessions.map(({ id }: { id: string }) => id);
    expect(await ids('state=active')).toEqual([admin.id]);
    expect((await ids('state=ended&user=ada')).toSorted()).toEqual([one.id, two.id].toSorted());
    const [shown] = (await admin.get('/api/admin/sessions?state=ended')).body.sessions;
    expect(shown).toMatchObject({ state: 'ended', reason: 'revoked' });
    const listed = await world.curfew.sessions({ user: 'ada', ended: true });
    expect(listed.map(({ state, reason }) => [state, reason])).toEqual([
      ['ended', 'revoked'],
      ['ended', 'revoked'],
    ]);
  });

  test('works for users and references that nothing is known of', async () => {
    const world = await createVerbWorld(kind);
    expect(await world.curfew.revoke({ user: 'nobody' }, { reason: 'test' })).toEqual({ ended: 0 });
    expect(await world.curfew.revoke({ reference }, { reason: 'test' })).toEqual({ ended: 0 });
    expect(await world.curfew.revoke('all', { reason: 'test' })).toEqual({ ended: 0 });
  });
});

describe.each(['sqlite', 'postgres'] as const)('after the end of all on %s', (log) => {
  test('the sweep writes it to every log, and passwords that were being checked get nothing', async () => {
    const world = await createWorld({ log });
    const ada = world.client();
    await ada.register();
    const { authEpoch } = await world.parts.log.account(ada.user?.id ?? '');
    await world.parts.log.revokeAll({ at: world.now(), by: 'operator', reason: 'leak' });
    expect((await world.parts.log.account(ada.user?.id ?? '')).authEpoch).toBeGreaterThan(authEpoch);
    world.pass(seconds(30));
    expect(await sweep(world.parts)).toBe(1);
    expect((await world.events(ada.id)).at(-1)).toMatchObject({
      type: 'session.revoked',
      at: world.now() - seconds(30),
    });
    expect((await ada.login()).status).toBe(200);
  });
});

describe.each(kinds)('signOut on %s', (kind) => {
  test.each(modes)('ends the session of the request in %s mode, and takes the cookie', async (mode) => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor(mode);
    await ada.signIn();
    const before = ada.twin();
    const { status, body, headers } = await ada.post('/sign-out', {});
    expect([status, body]).toMatchObject([200, { ok: true, session: { state: 'ended', reason: 'signed_out' } }]);
    if (mode === 'cookie') expect(headers.get('Set-Cookie')).toMatch(/^__Host-curfew=; Max-Age=0/);
    expect((await before.get('/api/hello')).body.code).toBe('session_ended');
    expect((await world.events(ada.id)).at(-1)?.type).toBe('user.signedOut');
  });

  test('ends a lapsed one, and one that has ended is fine', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    const twin = ada.twin();
    world.pass(lapse);
    expect((await ada.post('/sign-out', {})).body.session.state).toBe('ended');
    expect((await twin.post('/sign-out', {})).body.ok).toBe(true);
  });

  test('is refused without a credential, for a forged one, of another page, and from another site', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    const codeOf = async (client: typeof ada, headers?: Record<string, string>) =>
      (await client.post('/sign-out', {}, headers)).body.code;
    expect(await codeOf(world.visitor())).toBe('unauthenticated');
    expect(await codeOf(Object.assign(world.visitor('bearer'), { token: 'forged' }))).toBe('invalid_token');
    expect(await codeOf(ada, { 'Session-Id': 'another' })).toBe('session_mismatch');
    expect(await codeOf(ada, { 'Sec-Fetch-Site': 'cross-site' })).toBe('cross_site');
    expect((await ada.ask()).status).toBe(200);
  });

  test('takes a Request as well, with headers to set', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    const request = new Request(`${origin}/out`, { method: 'POST', headers: ada.headers });
    const out = await world.curfew.signOut(request, { forgetDevice: true });
    expect(out.headers.get('Set-Cookie')).toMatch(/^__Host-curfew=;/);
    expect((await world.events(ada.id)).at(-1)).toMatchObject({ data: { forgetDevice: true } });
  });
});

describe.each(kinds)('erase on %s', (kind) => {
  test('ends every session and removes what is kept: work, keys, device, name, references', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn({ user: { id: 'ada', name: 'Ada Lovelace' }, reference }, { 'User-Agent': 'Firefox' });
    const draft = { ciphertext: 'Y2lwaGVy', savedAt: 1 };
    expect((await ada.call('PUT', '/api/drafts/letter', draft)).status).toBe(201);
    const { vaultKey } = (await ada.get('/api/auth/vault-key')).body;
    expect(await world.curfew.erase({ user: 'ada' })).toEqual({ ended: 1 });
    expect((await ada.ask()).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect(await world.store.drafts.list('ada', world.now())).toEqual([]);
    expect(await world.store.people.get('ada')).toEqual({});
    const keys = await world.store.vault({ secret, previousSecrets: [] }).keysOf('ada');
    expect([keys.vaultKey.id === vaultKey.id, keys.olderKeys ?? []]).toEqual([false, []]);
    expect((await world.store.log.load(ada.id))?.device).toBeNull();
    expect(await world.store.references.logOut(reference, world.now())).toEqual([]);
    expect(verifyChain(await world.events(ada.id))).toBeNull();
    expect(await world.curfew.erase({ user: 'ada' })).toEqual({ ended: 0 });
  });
});

describe.each(kinds)('sessions on %s', (kind) => {
  test('lists those of one user as they are at this moment', async () => {
    const world = await createVerbWorld(kind);
    const [one, two] = await three(world);
    world.pass(minutes(10));
    const late = world.visitor();
    await late.signIn();
    world.pass(minutes(21));
    await world.curfew.revoke({ session: two.id }, { reason: 'test' });
    const listed = await world.curfew.sessions({ user: 'ada' });
    expect(listed.map(({ id, state }) => [id, state])).toEqual([
      [late.id, 'active'],
      [one.id, 'lapsed'],
    ]);
    expect(await world.curfew.sessions({ user: 'ada', ended: true })).toHaveLength(3);
    world.pass(days(91));
    expect(await world.curfew.sessions({ user: 'nobody' })).toEqual([]);
  });
});

describe.each(kinds)('applyPolicy on %s', (kind) => {
  test('tightens the limits of live and lapsed sessions, never loosens them, and says how many', async () => {
    let idleTimeout = minutes(30);
    const world = await createVerbWorld(kind, { policy: () => ({ idleTimeout }) });
    const [one, two] = await three(world);
    world.pass(minutes(10));
    idleTimeout = minutes(20);
    expect(await world.curfew.applyPolicy({ user: 'ada' })).toEqual({ changed: 2 });
    expect((await one.get('/api/auth/session-info')).body.session.policy.idleTimeout).toBe(minutes(20));
    expect(await world.curfew.applyPolicy({ user: 'ada' })).toEqual({ changed: 0 });
    idleTimeout = minutes(60);
    expect(await world.curfew.applyPolicy({ user: 'ada' })).toEqual({ changed: 0 });
    idleTimeout = minutes(6);
    expect(await world.curfew.applyPolicy({ user: 'ada' })).toEqual({ changed: 2 });
    expect((await two.ask()).body.code).toBe('session_lapsed');
    expect((await world.events(two.id)).map(({ type }) => type)).toContain('policy.applied');
  });

  test('rejects when the policy cannot be told, and changes nothing', async () => {
    let fails = false;
    const world = await createVerbWorld(kind, {
      policy: () => {
        if (fails) throw new Error('away');
        return {};
      },
    });
    await three(world);
    fails = true;
    await expect(world.curfew.applyPolicy({ user: 'ada' })).rejects.toThrow(
      'the policy of a user cannot be told: away',
    );
  });
});
