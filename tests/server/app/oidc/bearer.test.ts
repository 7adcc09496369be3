import { describe, expect, test } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import type { OidcBrowser } from '../../../support/oidc/browser.ts';
import { oidcWorld, oneProvider } from '../../../support/oidc/world.ts';
import type { WorldOptions } from '../../../support/server/world.ts';

const provider = oneProvider();
const world = (options: WorldOptions = {}) => oidcWorld(provider(), options);

/** Where the provider sends the browser: the page of the front end, with what it has to post. */
const landing = '/signed-in.html?';
const answerIn = (path: string): string => {
  expect(path.startsWith(landing)).toBe(true);
  return path.slice(landing.length);
};

/** Speaks as the page does: with the token that it has, where it has one. */
const post = (browser: OidcBrowser, answer: string, token?: string, session?: string) =>
  browser.post(
    '/api/sign-in/oidc',
    { answer },
    { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...(session && { 'Session-Id': session }) },
  );

const me = (browser: OidcBrowser, token: string) => browser.get('/api/auth/me', { Authorization: `Bearer ${token}` });

async function signedIn(options: WorldOptions = {}) {
  const made = await world(options);
  const ada = made.browser();
  const path = await ada.atProvider('ada', { transport: 'bearer' });
  const { status, body } = await post(ada, answerIn(path));
  expect(status).toBe(200);
  return { ...made, ada, path, token: String(body.token), id: String(body.session.id) };
}

describe('sign-in by OpenID Connect where the token is in the browser’s storage', () => {
  test('gives the token to the page that posts what the provider answered, sets no cookie for it, and has it in no address', async () => {
    const { ada, path, token, id, events } = await signedIn();
    expect((await me(ada, token)).body.user).toMatchObject({ username: 'ada of elsewhere' });
    expect(ada.jar.has('__Host-curfew')).toBe(false);
    expect(path).not.toContain(token);
    expect(await events(id)).toMatchObject([
      { type: 'session.started', data: { method: ['pwd', 'otp'], issuer: provider().issuer } },
    ]);
  });

  test('resumes the session that has lapsed, in the same stream, by a proof of now', async () => {
    const { ada, token, id, pass, events, now } = await signedIn();
    await pass(minutes(31));
    expect((await me(ada, token)).body).toMatchObject({ code: 'session_lapsed' });
    const path = await ada.atProvider('ada', { session: id, transport: 'bearer' });
    const { status, body } = await post(ada, answerIn(path), token, id);
    expect([status, body.session.id, body.session.authenticatedAt]).toEqual([200, id, now()]);
    expect((await me(ada, body.token)).status).toBe(200);
    expect((await events(id)).map(({ type }) => type)).toContain('user.reauthenticated');
  });

  test('resumes nothing for another user, nor by a provider that answers silently', async () => {
    const { ada, token, id, pass } = await signedIn();
    await pass(minutes(31));
    await provider().set({ silent: true });
    const silent = await ada.atProvider('ada', { session: id, transport: 'bearer' });
    expect((await post(ada, answerIn(silent), token, id)).body).toMatchObject({ code: 'stale_proof' });
    await provider().set({ silent: false });
    const other = await ada.atProvider('bob', { session: id, transport: 'bearer' });
    expect((await post(ada, answerIn(other), token, id)).body).toMatchObject({ code: 'session_mismatch' });
    expect((await me(ada, token)).body).toMatchObject({ code: 'session_lapsed' });
  });

  test('says where to go for a proof of now, where the policy wants one of everybody', async () => {
    const { browser, pass } = await world({ preset: 'nist-aal2' });
    const ada = browser();
    await ada.atProvider('ada', { transport: 'bearer' });
    await pass(minutes(11));
    const { status, body } = await post(ada, answerIn(await ada.atProvider('ada', { transport: 'bearer' })));
    expect(status).toBe(200);
    const again = new URL(body.again);
    expect(body).not.toHaveProperty('token');
    expect(again.origin).toBe(new URL(provider().issuer).origin);
    expect(again.searchParams.get('prompt')).toBe('login');
    const back = await provider().signIn(again.href, 'ada', ada.jarThere);
    expect((await post(ada, new URL(back).search.slice(1))).body).toHaveProperty('token');
  });

  test('RFC 9700 4.7.1 makes nothing of what comes twice, in another browser, of another site, or by the other way', async () => {
    const { browser, ada, path, refusals } = await signedIn();
    const eve = browser();
    await eve.start();
    const refused = { status: 401, body: { code: 'invalid_credentials' } };
    expect(await post(ada, answerIn(path))).toMatchObject(refused);
    const fresh = await ada.atProvider('ada', { transport: 'bearer' });
    expect(await post(eve, answerIn(fresh))).toMatchObject(refused);
    const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect(await ada.post('/api/sign-in/oidc', { answer: answerIn(fresh) }, foreign)).toMatchObject({
      status: 403,
      body: { code: 'cross_site' },
    });
    expect(await ada.comeBack(`/api/oidc/callback?${answerIn(fresh)}`)).toContain('problem=not_signed_in');
    expect(ada.jar.has('__Host-curfew')).toBe(false);
    const cookie = await ada.atProvider('ada');
    expect(await post(ada, cookie.split('?')[1] ?? '')).toMatchObject(refused);
    expect(refusals()).toEqual(Array.from({ length: 4 }, () => 'oidc: not_signed_in'));
  });
});
