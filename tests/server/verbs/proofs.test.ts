import { describe, expect, test } from 'vitest';
import { hours, minutes, presets, seconds, type PresetName } from '../../../machines/index.ts';
import { createVerbWorld, kinds } from '../../support/server/verbs.ts';
import { lapse } from '../../support/server/world.ts';

const refused = [403, 'stale_proof'];
const strict: PresetName[] = ['owasp-high', 'nist-aal2', 'nist-aal3', 'pci'];

describe.each(kinds)('a silent single sign-on is no proof, on %s', (kind) => {
  test('a lapsed session needs a proof younger than the lapse, else stale_proof with no effect', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    const start = world.now();
    world.pass(hours(2));
    const { lapsedAt } = (await ada.ask()).body;
    expect(lapsedAt).toBe(start + minutes(30));
    const before = await world.events(ada.id);
    for (const authenticatedAt of [0, start, lapsedAt - 1, lapsedAt]) {
      const { status, body, headers } = await ada.signIn({ authenticatedAt });
      expect([status, body.code]).toEqual(refused);
      expect(headers.get('Set-Cookie')).toBeNull();
    }
    expect(await world.events(ada.id)).toEqual(before);
    expect(await world.curfew.sessions({ user: 'ada' })).toHaveLength(1);
    expect((await ada.signIn({ authenticatedAt: lapsedAt + 1 })).status).toBe(200);
  });

  test('nor is one for the session that is named', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(lapse);
    const { status, body } = await ada.signIn({ session: ada.id, authenticatedAt: world.now() - lapse });
    expect([status, body.code]).toEqual(refused);
  });

  test('a provider that does not say when cannot resume, and can start', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    expect((await ada.signIn({ authenticatedAt: 0 })).status).toBe(200);
    world.pass(lapse);
    const { status, body } = await ada.signIn({ authenticatedAt: 0 });
    expect([status, body.code]).toEqual(refused);
  });

  test('a live session whose proof is as young keeps its limits: the absolute one holds against silent answers', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    const { absoluteDeadline } = (await ada.signIn()).body.session;
    const authenticatedAt = world.now();
    for (let third = 1; third < 36; third++) {
      world.pass(minutes(20));
      const { status, body } = await ada.signIn({ authenticatedAt });
      expect([status, body.session.absoluteDeadline]).toEqual([200, absoluteDeadline]);
      expect((await ada.post('/api/auth/activity', { ageMs: 0 })).status).toBe(200);
    }
    expect((await world.events(ada.id)).map(({ type }) => type)).not.toContain('user.reauthenticated');
    world.pass(minutes(20));
    expect((await ada.signIn({ authenticatedAt })).body.code).toBe('stale_proof');
  });

  test('recent counts from the proof, not from the sign-in', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn({ authenticatedAt: world.now() - minutes(11) });
    expect((await ada.call('DELETE', '/api/auth/sessions')).body.code).toBe('reauthentication_required');
    await ada.signIn({ authenticatedAt: world.now() - minutes(9) });
    expect((await ada.call('DELETE', '/api/auth/sessions')).status).toBe(204);
  });

  test.each(strict)('%s refuses at every sign-in a proof older than freshAuth', async (preset) => {
    const world = await createVerbWorld(kind, { policy: { preset } });
    const { freshAuth } = presets[preset];
    const { status, body } = await world.visitor().signIn({ authenticatedAt: world.now() - freshAuth - 1 });
    expect([status, body.code]).toEqual(refused);
    expect((await world.visitor().signIn({ authenticatedAt: world.now() - freshAuth })).status).toBe(200);
  });

  test('a passkey resumes a lapsed session only with user verification', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(lapse);
    for (const method of [['hwk'], ['swk', 'user'], ['pop', 'user']]) {
      const { status, body } = await ada.signIn({ method });
      expect([status, body.code]).toEqual(refused);
    }
    expect((await ada.signIn({ method: ['pop', 'user', 'mfa'] })).status).toBe(200);
    world.pass(lapse);
    expect((await ada.signIn({ method: ['hwk', 'pin'] })).status).toBe(200);
  });

  test('a proof of a clock that is ahead counts as one of now', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn({ authenticatedAt: world.now() + seconds(60) });
    expect((await world.events(ada.id))[0]?.data['provedAt']).toBeUndefined();
  });
});

describe.each(kinds)('revocation beats proofs under way, on %s', (kind) => {
  test.each([
    ['of the user', { user: 'ada' }],
    ['of all', 'all'],
  ] as const)('a proof that is not later than the end of the sessions %s is refused', async (_, target) => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(minutes(5));
    const proved = world.now();
    await world.curfew.revoke(target, { reason: 'leak' });
    world.pass(seconds(1));
    for (const authenticatedAt of [0, proved - 1, proved]) {
      const { status, body } = await world.visitor().signIn({ authenticatedAt });
      expect([status, body.code]).toEqual(refused);
    }
    expect(await world.curfew.sessions({ user: 'ada' })).toEqual([]);
    expect((await world.visitor().signIn({ authenticatedAt: proved + 1 })).status).toBe(200);
  });

  test('that of one user voids no other’s proofs, and that of all voids those of users who were never here', async () => {
    const world = await createVerbWorld(kind);
    await world.curfew.revoke({ user: 'ada' }, { reason: 'test' });
    expect((await world.visitor().signIn({ user: 'bob' })).status).toBe(200);
    await world.curfew.revoke('all', { reason: 'test' });
    expect((await world.visitor().signIn({ user: 'eve' })).body.code).toBe('stale_proof');
  });

  test('a session that was ended by the end of all is not resumed, neither are those of the passwords of before', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(lapse);
    await world.curfew.revoke('all', { reason: 'leak' });
    world.pass(1);
    expect((await ada.signIn({ session: ada.id })).body.code).toBe('session_ended');
  });

  test('an erased user is refused for ever with forbidden', async () => {
    const world = await createVerbWorld(kind);
    await world.visitor().signIn();
    await world.curfew.erase({ user: 'ada' });
    world.pass(hours(24 * 365));
    const { status, body } = await world.visitor().signIn();
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(await world.curfew.sessions({ user: 'ada', ended: true })).toEqual([]);
  });
});
