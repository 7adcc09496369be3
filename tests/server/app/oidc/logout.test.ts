import { describe, expect, test } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { createVerbs } from '../../../../server/verbs/verbs.ts';
import type { OidcBrowser } from '../../../support/oidc/browser.ts';
import type { Signed } from '../../../support/oidc/provider.ts';
import { oidcWorld, oneProvider } from '../../../support/oidc/world.ts';

const provider = oneProvider();
const world = () => oidcWorld(provider());
const asksAgain = /\/auth\?.*prompt=login&max_age=0/;
const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };

/** Sends a logout token as the provider does: from another machine, without a cookie. */
const send = (to: OidcBrowser, token: string) =>
  to.send('POST', '/api/oidc/back-channel-logout', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': '' },
    body: String(new URLSearchParams({ logout_token: token })),
  });

describe('a back-channel logout', () => {
  async function signedIn() {
    const made = await world();
    const ada = made.browser();
    await ada.signIn('ada');
    const id = await ada.sessionId();
    const sid = await provider().sidOf('ada');
    const claims = (more: object = {}) => ({
      iss: provider().issuer,
      aud: provider().clientId,
      iat: made.now() / 1000,
      exp: made.now() / 1000 + 120,
      jti: made.parts.newId(),
      events: event,
      sid,
      ...more,
    });
    const token = (more: object = {}, signed: Partial<Signed> = {}) =>
      provider().sign({ claims: claims(more), ...signed });
    const refused = () =>
      made.lines.filter(({ warning }) => String(warning).startsWith('a logout token was refused')).length;
    return { ...made, ada, id, token, refused, nobody: made.browser() };
  }

  test('ends the session, and the log says by whom and why', async () => {
    const { ada, id, events, token, nobody } = await signedIn();
    expect(await send(nobody, await token())).toMatchObject({ status: 200, text: '' });
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await events(id)).at(-1)).toMatchObject({
      type: 'session.revoked',
      data: { by: provider().issuer, reason: 'logout at the provider' },
    });
  });

  test('ends a session that has lapsed, too', async () => {
    const { ada, token, nobody, pass } = await signedIn();
    await pass(minutes(31));
    expect((await send(nobody, await token())).status).toBe(200);
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
  });

  test('that names a user alone ends all of their sessions, and of nobody else', async () => {
    const { ada, token, nobody, browser } = await signedIn();
    const [other, bob] = [browser(), browser()];
    await other.signIn('ada');
    await bob.signIn('bob');
    expect((await send(nobody, await token({ sid: undefined, sub: 'ada' }))).status).toBe(200);
    for (const each of [ada, other]) expect((await each.get('/api/auth/me')).body.code).toBe('session_ended');
    expect((await bob.get('/api/auth/me')).status).toBe(200);
    expect((await send(nobody, await token({ sid: undefined, sub: 'somebody' }))).status).toBe(200);
  });

  test('leaves alone a session of the same user that rests on another one at the provider', async () => {
    const { ada, token, nobody, browser } = await signedIn();
    const other = browser();
    await other.signIn('ada');
    expect((await send(nobody, await token())).status).toBe(200);
    expect((await ada.get('/api/auth/me')).status).toBe(401);
    expect((await other.get('/api/auth/me')).status).toBe(200);
  });

  test('that is faster than its sign-in lets nobody in by it', async () => {
    const { nobody, token, browser } = await signedIn();
    const late = browser();
    const path = await late.atProvider('cleo');
    const sid = await provider().sidOf('cleo');
    expect((await send(nobody, await token({ sid }))).status).toBe(200);
    // The provider is asked once more, as for any proof that does not do.
    expect(await late.comeBack(path)).toMatch(asksAgain);
    expect(late.jar.has('__Host-curfew')).toBe(false);
  });

  test('that comes while the code is being exchanged lets nobody in by it', async () => {
    const { nobody, token, browser } = await signedIn();
    const late = browser();
    const path = await late.atProvider('cleo');
    const sid = await provider().sidOf('cleo');
    await provider().set({ holdsCodes: true });
    const coming = late.comeBack(path);
    await provider().held();
    expect((await send(nobody, await token({ sid }))).status).toBe(200);
    await provider().release();
    expect(await coming).toMatch(asksAgain);
    expect(late.jar.has('__Host-curfew')).toBe(false);
  });

  test.each([
    ['unsigned', {}, { by: 'nobody' }],
    ['signed by another', {}, { by: 'another' }],
    ['of another audience', { aud: 'another' }, {}],
    ['of another issuer', { iss: 'https://evil.example' }, {}],
    ['of another type', {}, { header: { typ: 'JWT' } }],
    ['an ID token by its nonce', { nonce: 'n' }, {}],
    ['of another event', { events: { 'urn:other': {} } }, {}],
    ['of nobody', { sid: undefined, sub: undefined }, {}],
  ] as const)('that is %s is refused and logged', async (_, claims, signed) => {
    const { ada, nobody, token, refused, rows } = await signedIn();
    const answer = await send(nobody, await token(claims, signed));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect(refused()).toBe(1);
    expect((await rows('security_log')).at(-1)).toMatchObject({ kind: 'logout_refused' });
  });

  test('that comes twice is refused and logged the second time', async () => {
    const { nobody, token, refused } = await signedIn();
    const once = await token();
    expect((await send(nobody, once)).status).toBe(200);
    expect((await send(nobody, once)).status).toBe(400);
    expect(refused()).toBe(1);
  });

  test('that has expired, or is no form, is refused', async () => {
    const { nobody, token, pass, refused } = await signedIn();
    const old = await token();
    await pass(minutes(3));
    expect((await send(nobody, old)).status).toBe(400);
    expect((await nobody.post('/api/oidc/back-channel-logout', { logout_token: await token() })).status).toBe(400);
    expect((await send(nobody, '')).status).toBe(400);
    expect(refused()).toBe(3);
  });
});

describe('while a code is being exchanged', () => {
  async function exchanging() {
    const made = await world();
    const ada = made.browser();
    await ada.signIn('ada');
    const { id } = (await ada.get('/api/auth/me')).body.user;
    const late = made.browser();
    const path = await late.atProvider('ada');
    await provider().set({ holdsCodes: true });
    const coming = late.comeBack(path);
    await provider().held();
    await made.pass(1000);
    return { ...made, user: String(id), late, coming, ada };
  }

  test('a revocation of the user beats the proof that is under way', async () => {
    const { coming, late, ada, user, parts } = await exchanging();
    await createVerbs(parts).revoke({ user }, { reason: 'lost phone' });
    await provider().release();
    expect(await coming).toMatch(asksAgain);
    expect(late.jar.has('__Host-curfew')).toBe(false);
    expect((await ada.get('/api/auth/me')).status).toBe(401);
  });

  test('a deletion of the account beats the proof that is under way: who comes in by it is somebody new', async () => {
    const { coming, late, ada, user } = await exchanging();
    await ada.post('/api/conversations', { title: 'plans' });
    expect((await ada.send('DELETE', '/api/account')).status).toBe(204);
    await provider().release();
    await coming;
    expect((await late.get('/api/auth/me')).body.user.id).not.toBe(user);
    expect((await late.get('/api/conversations')).body.conversations).toEqual([]);
  });
});
