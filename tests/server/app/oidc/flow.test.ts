import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds } from '../../../../machines/index.ts';
import { landed, oidcWorld, oneProvider } from '../../../support/oidc/world.ts';
import { origin, type WorldOptions } from '../../../support/server/world.ts';

const provider = oneProvider();
const world = (options: WorldOptions = {}) => oidcWorld(provider(), options);

describe('sign-in by OpenID Connect', () => {
  test('signs a person in, and the log says when, how and by whose word they proved who they are', async () => {
    const { browser, events } = await world();
    const ada = browser();
    expect(await ada.signIn('ada', { returnTo: '/conversations/c1?a=b#c' })).toBe(
      landed(undefined, '/conversations/c1?a=b#c'),
    );
    expect((await ada.get('/api/auth/me')).body.user).toMatchObject({ username: 'ada of elsewhere' });
    const [started] = await events(await ada.sessionId());
    expect(started).toMatchObject({
      type: 'session.started',
      data: {
        method: ['pwd', 'otp'],
        issuer: provider().issuer,
        amr: ['pwd', 'otp'],
        acr: 'urn:test',
      },
    });
  });

  test('says when they proved it, where the provider has answered by its own session', async () => {
    const { browser, events, now, pass } = await world();
    const ada = browser();
    await ada.signIn('ada');
    const then = now();
    await pass(minutes(20));
    ada.jar.clear();
    await ada.signIn('ada');
    const [started] = await events(await ada.sessionId());
    expect(started).toMatchObject({ at: now(), data: { provedAt: then } });
  });

  test('RFC 8176 says as the method what is registered, and beside it what the provider said', async () => {
    await provider().set({ amr: ['face', 'own-invention', 'face'] });
    const { browser, events } = await world();
    const ada = browser();
    await ada.signIn('ada');
    const [started] = await events(await ada.sessionId());
    expect(started?.data).toMatchObject({ method: ['face'], amr: ['face', 'own-invention', 'face'] });
  });

  test('finds the same person again, and another one is another', async () => {
    const { browser } = await world();
    const [first, second, other] = [browser(), browser(), browser()];
    await first.signIn('ada');
    await second.signIn('ada');
    await other.signIn('bob');
    const users = await Promise.all(
      [first, second, other].map(async (each) => (await each.get('/api/auth/me')).body.user.id),
    );
    expect(users[1]).toBe(users[0]);
    expect(users[2]).not.toBe(users[0]);
    expect((await first.get('/api/auth/sessions')).body.sessions).toHaveLength(2);
  });

  test('lets a user who says so be another than the one whom the provider knows, and would name silently', async () => {
    const { browser } = await world();
    const ada = browser();
    const nameAfter = async (prompt?: 'select_account') => {
      await ada.signIn('bob', { ...(prompt && { prompt }) });
      return (await ada.get('/api/auth/me')).body.user.username;
    };
    await ada.signIn('ada');
    expect([await nameAfter(), await nameAfter('select_account')]).toEqual(['ada of elsewhere', 'bob of elsewhere']);
  });

  test('gives a person who has no password everything a person has', async () => {
    const { browser } = await world();
    const ada = browser();
    await ada.signIn('ada');
    expect((await ada.post('/api/conversations', { title: 'plans' })).status).toBe(201);
    const look = { theme: 'dark', density: 'compact' };
    expect((await ada.send('PUT', '/api/settings', { body: JSON.stringify(look) })).status).toBe(200);
    expect((await ada.get('/api/auth/vault-key')).body.vaultKey.key).toEqual(expect.any(String));
    expect((await ada.get('/api/auth/ways')).body).toEqual({
      ways: [{ kind: 'sso', name: '127.0.0.1', url: '/api/oidc/start' }],
      user: { name: 'ada of elsewhere' },
    });
  });

  test('keeps a person signed in for longer where they ask for it', async () => {
    const { browser } = await world();
    const ada = browser();
    await ada.signIn('ada', { remember: 'true' });
    expect((await ada.view()).policy.idleTimeout).toBe(hours(24 * 14));
  });

  test.each([
    ['another site', { returnTo: 'https://evil.example/' }, 'returnTo'],
    ['another site, by its host', { returnTo: '//evil.example' }, 'returnTo'],
    ['a route of the API', { returnTo: '/api/auth/logout' }, 'returnTo'],
    ['no session', { session: 'a b' }, 'session'],
    ['neither yes nor no', { remember: 'perhaps' }, 'remember'],
    ['a prompt that is not its own', { prompt: 'none' }, 'prompt'],
    ['a transport that is not its own', { transport: 'pigeon' }, 'transport'],
    ['something unknown', { scope: 'none' }, ''],
  ])('begins nothing for %s', async (_, asked, field) => {
    const { browser, rows } = await world();
    const answer = await browser().get(`/api/oidc/start?${new URLSearchParams(asked)}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input', fields: [{ field }] } });
    expect(answer.headers.has('Set-Cookie')).toBe(false);
    expect(await rows('ceremonies')).toEqual([]);
  });

  test('begins nothing for a page of another site, which could replace the session of this browser', async () => {
    const { browser } = await world();
    const answer = await browser().get('/api/oidc/start', { 'Sec-Fetch-Site': 'cross-site' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'cross_site' } });
  });

  test('is bound to the browser by a cookie that no script reads and no other host sets', async () => {
    const { browser } = await world();
    const { headers } = await browser().get('/api/oidc/start');
    expect(headers.get('Set-Cookie')).toMatch(
      /^__Host-curfew-sign-in=[\w-]{24}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('two that are under way in one browser both come to their end', async () => {
    const { browser } = await world();
    const ada = browser();
    const first = await ada.atProvider('ada', { returnTo: '/1' });
    const second = await ada.atProvider('ada', { returnTo: '/2' });
    expect(await ada.comeBack(first)).toBe(landed(undefined, '/1'));
    expect(await ada.comeBack(second)).toBe(landed(undefined, '/2'));
  });
});

describe('a callback that makes no session', () => {
  test('RFC 9700 4.7.1 is one that comes in another browser, which does not spoil it for the first', async () => {
    const { browser, refusals } = await world();
    const [ada, eve] = [browser(), browser()];
    const path = await ada.atProvider('ada');
    await eve.start();
    expect(await eve.comeBack(path)).toBe(landed('not_signed_in'));
    expect(eve.jar.has('__Host-curfew')).toBe(false);
    expect(refusals()).toEqual(['oidc: not_signed_in']);
    expect(await ada.comeBack(path)).toBe(landed());
  });

  test('RFC 9700 4.7.1 is one that comes twice', async () => {
    const { browser, refusals } = await world();
    const ada = browser();
    const path = await ada.atProvider('ada');
    await ada.comeBack(path);
    ada.jar.delete('__Host-curfew');
    expect(await ada.comeBack(path)).toBe(landed('not_signed_in'));
    expect(ada.jar.has('__Host-curfew')).toBe(false);
    expect(refusals()).toEqual(['oidc: not_signed_in']);
  });

  test('is one of another state, or of none', async () => {
    const { browser } = await world();
    const ada = browser();
    const path = await ada.atProvider('ada');
    for (const state of ['', 'state=another'])
      expect(await ada.comeBack(path.replace(/state=[\w-]+/, state))).toBe(landed('not_signed_in'));
    expect(ada.jar.has('__Host-curfew')).toBe(false);
  });

  test('is one with the code of another sign-in: neither nonce nor verifier fit', async () => {
    const { browser } = await world();
    const [ada, eve] = [browser(), browser()];
    const codeOf = (path: string) => new URLSearchParams(path.split('?')[1]).get('code') ?? '';
    const [own, stolen] = [await eve.atProvider('eve'), await ada.atProvider('ada')];
    expect(await eve.comeBack(own.replace(codeOf(own), codeOf(stolen)))).toBe(landed('not_signed_in'));
    expect(eve.jar.has('__Host-curfew')).toBe(false);
  });

  test('is one that comes after ten minutes, and one whose code has expired at the provider', async () => {
    const { browser, pass } = await world();
    const ada = browser();
    const late = await ada.atProvider('ada');
    await pass(minutes(10));
    expect(await ada.comeBack(late)).toBe(landed('not_signed_in'));
    const old = await ada.atProvider('ada');
    await pass(seconds(90));
    expect(await ada.comeBack(old)).toBe(landed('not_signed_in'));
    expect(ada.jar.has('__Host-curfew')).toBe(false);
  });

  test('is one by which the user has changed their mind', async () => {
    const { browser } = await world();
    const ada = browser();
    expect(await ada.signIn('', { returnTo: '/settings' })).toBe(landed('cancelled', '/settings'));
    expect(ada.jar.has('__Host-curfew')).toBe(false);
  });
});

describe('a session that has lapsed', () => {
  async function lapsed(options: WorldOptions = {}) {
    const made = await world(options);
    const ada = made.browser();
    await ada.signIn('ada');
    const id = await ada.sessionId();
    await made.pass(minutes(31));
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_lapsed', restorable: true });
    return { ...made, ada, id };
  }

  test('is resumed by a proof at the provider, in the same stream', async () => {
    const { ada, id, events, now } = await lapsed();
    const location = new URL(await ada.start({ session: id }));
    expect([location.searchParams.get('prompt'), location.searchParams.get('max_age')]).toEqual(['login', '0']);
    expect(await ada.signIn('ada', { session: id, returnTo: '/settings' })).toBe(landed(undefined, '/settings'));
    expect(await ada.view()).toMatchObject({ id, state: 'active', authenticatedAt: now() });
    expect((await events(id)).map(({ type }) => type)).toEqual([
      'session.started',
      'clock.reached',
      'clock.reached',
      'user.reauthenticated',
    ]);
    expect((await events(id)).at(-1)?.data).toMatchObject({
      method: ['pwd', 'otp'],
      issuer: provider().issuer,
    });
  });

  test('is not resumed by a provider that answers silently, even when prompt and max_age are stripped from the URL', async () => {
    const { ada, id, events, refusals } = await lapsed();
    await provider().set({ silent: true });
    const before = await events(id);
    expect(await ada.signIn('ada', { session: id })).toBe(landed('stale_proof'));
    expect(refusals()).toEqual(['oidc: stale_proof']);
    expect((await ada.get('/api/auth/me')).status).toBe(401);
    expect(await ada.view()).toMatchObject({ id, state: 'lapsed' });
    expect(await events(id)).toEqual(before);
  });

  test('is not resumed without `session` either, when the provider answers silently', async () => {
    const { ada, id } = await lapsed();
    await provider().set({ silent: true });
    // It is asked once more, and answers silently again.
    const location = (await ada.comeBack(await ada.atProvider('ada'))) ?? '';
    expect(new URL(location).searchParams.get('prompt')).toBe('login');
    const again = await provider().signIn(location, 'ada', ada.jarThere);
    expect(await ada.comeBack(again.replace(origin, ''))).toBe(landed('stale_proof'));
    expect(await ada.view()).toMatchObject({ id, state: 'lapsed' });
  });

  test('is not resumed by a provider that does not say when the user has proved who they are', async () => {
    const { ada, id } = await lapsed();
    await provider().set({ dropsAuthTime: true });
    expect(await ada.signIn('ada', { session: id })).toBe(landed('stale_proof'));
    expect(await ada.view()).toMatchObject({ id, state: 'lapsed' });
  });

  test('is not resumed by another person, who is made no user, and nothing is displaced', async () => {
    const { ada, id, rows } = await lapsed();
    ada.jarThere.clear();
    expect(await ada.signIn('bob', { session: id })).toBe(landed('session_mismatch'));
    expect(await ada.view()).toMatchObject({ id, state: 'lapsed' });
    expect(await rows('identities')).toHaveLength(1);
    ada.jarThere.clear();
    expect(await ada.signIn('ada', { session: id })).toBe(landed());
  });

  test('is not resumed when it is another than the browser’s own', async () => {
    const { ada, id, browser } = await lapsed();
    const other = browser();
    await other.signIn('ada');
    expect(await other.signIn('ada', { session: id })).toBe(landed('session_mismatch'));
    expect(await ada.view()).toMatchObject({ id, state: 'lapsed' });
  });

  test('is ended, and not resumed, after its restore window', async () => {
    const { ada, id, pass } = await lapsed();
    await pass(hours(25));
    expect(await ada.signIn('ada', { session: id })).toBe(landed('session_ended'));
  });
});

describe('a policy that wants a young proof of everybody', () => {
  test('has the provider ask anew where it would have answered by its own session', async () => {
    const { browser, pass } = await world({ preset: 'pci' });
    const ada = browser();
    await ada.signIn('ada');
    ada.jar.clear();
    await pass(minutes(30));
    const location = (await ada.comeBack(await ada.atProvider('ada', { returnTo: '/settings' }))) ?? '';
    expect(new URL(location).searchParams.get('prompt')).toBe('login');
    expect(ada.jar.has('__Host-curfew')).toBe(false);
    const again = await provider().signIn(location, 'ada', ada.jarThere);
    expect(await ada.comeBack(again.replace(origin, ''))).toBe(landed(undefined, '/settings'));
  });
});
