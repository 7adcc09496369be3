import { describe, expect, test } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { lineOf } from '../../../../server/audit/line.ts';
import { sessionPlace } from '../../../../server/audit/position.ts';
import { oidcWorld, oneProvider } from '../../../support/oidc/world.ts';
import { Authenticator } from '../../../support/webauthn/authenticator.ts';
import { PasskeyBrowser } from '../../../support/webauthn/browser.ts';
import type { WorldOptions } from '../../../support/server/world.ts';

const provider = oneProvider();
const world = (options: WorldOptions = {}) => oidcWorld(provider(), options);

describe.each(['sqlite', 'postgres'] as const)('a user without a password, kept in %s', (log) => {
  test('ASVS 7.5.1 proves anew at the provider who they are before something that needs it', async () => {
    const { browser, pass } = await world({ log });
    const ada = browser();
    await ada.signIn('ada');
    await pass(minutes(11));
    expect(await ada.post('/api/passkeys/registration/options')).toMatchObject({
      status: 403,
      body: { code: 'reauthentication_required' },
    });
    await ada.signIn('ada', { session: await ada.sessionId() });
    expect((await ada.post('/api/passkeys/registration/options')).status).toBe(200);
  });

  test('ASVS 7.5.1 has proved nothing when the provider answers silently', async () => {
    const { browser, pass } = await world({ log });
    const ada = browser();
    await ada.signIn('ada');
    await pass(minutes(11));
    await provider().set({ silent: true });
    await ada.signIn('ada', { session: await ada.sessionId() });
    expect((await ada.post('/api/passkeys/registration/options')).status).toBe(403);
  });

  test('keeps their name when they sign in by a passkey instead, and is offered both', async () => {
    const made = await world({ log });
    const ada = Object.assign(new PasskeyBrowser(made, new Authenticator()), { jar: made.browser().jar });
    const there = made.browser();
    await there.signIn('ada');
    for (const [name, value] of there.jar) ada.jar.set(name, value);
    expect((await ada.makePasskey()).status).toBe(201);
    const elsewhere = new PasskeyBrowser(made, ada.authenticator);
    expect((await elsewhere.signInByPasskey()).status).toBe(200);
    expect((await elsewhere.get('/api/auth/me')).body.user.username).toBe('ada of elsewhere');
    expect((await elsewhere.get('/api/auth/ways')).body.ways.map(({ kind }: { kind: string }) => kind)).toEqual([
      'sso',
      'passkey',
    ]);
  });

  test('deletes the account by a recent proof, with everything in it, and is somebody new afterwards', async () => {
    const { browser, pass, rows } = await world({ log });
    const ada = browser();
    await ada.signIn('ada');
    await ada.post('/api/conversations', { title: 'plans' });
    const { id } = (await ada.get('/api/auth/me')).body.user;
    await pass(minutes(11));
    expect(await ada.send('DELETE', '/api/account')).toMatchObject({ status: 403 });
    await ada.signIn('ada', { session: await ada.sessionId() });
    const token = ada.jar.get('__Host-curfew') ?? '';
    expect((await ada.send('DELETE', '/api/account')).status).toBe(204);
    expect(ada.jar.has('__Host-curfew')).toBe(false);
    expect((await browser().get('/api/auth/me', { Cookie: `__Host-curfew=${token}` })).status).toBe(401);
    for (const table of ['identities', 'conversations', 'passkeys', 'people'])
      expect(await rows(table), table).toEqual([]);
    await ada.signIn('ada');
    expect((await ada.get('/api/auth/me')).body.user.id).not.toBe(id);
    expect((await ada.get('/api/conversations')).body.conversations).toEqual([]);
  });
});

describe('the exports', () => {
  test('ASVS 16.2.4 say the true method of a sign-in, and of its renewal', async () => {
    const { browser, pass, events } = await world();
    const ada = browser();
    await ada.signIn('ada');
    const id = await ada.sessionId();
    await pass(minutes(31));
    await provider().set({ amr: ['hwk', 'user', 'mfa'] });
    await ada.signIn('ada', { session: id });
    const place = { log: 'session', session: id, user: 'user-1', position: sessionPlace(1, id, 1) } as const;
    const lines = (await events(id)).map((entry) => JSON.parse(lineOf({ ...place, at: entry.recordedAt, entry })));
    expect(lines.filter(({ data }) => 'method' in data)).toMatchObject([
      { type: 'session.started', data: { method: ['pwd', 'otp'], issuer: provider().issuer } },
      { type: 'user.reauthenticated', data: { method: ['hwk', 'user', 'mfa'], issuer: provider().issuer } },
    ]);
  });
});
