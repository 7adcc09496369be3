import { SignJWT, UnsecuredJWT, generateKeyPair, jwtVerify, type JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import type { BackChannelLogout, CurfewOptions, LogoutClaims } from '../../../server/index.ts';
import { createVerbWorld, kinds, type Kind } from '../../support/server/verbs.ts';
import { origin } from '../../support/server/world.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const issuer = 'https://id.example';
const audience = 'our-client';
const { privateKey, publicKey } = await generateKeyPair('ES256');
const stranger = await generateKeyPair('ES256');

/** An application of one provider whose tokens it verifies with the provider's key. */
async function application(kind: Kind, more: Partial<BackChannelLogout> = {}, options: Partial<CurfewOptions> = {}) {
  const world = await createVerbWorld(kind, options);
  let tokens = 0;
  const claims = (given: Record<string, unknown> = {}): JWTPayload => ({
    iss: issuer,
    aud: audience,
    jti: `token ${(tokens += 1)}`,
    iat: world.now() / 1000,
    exp: world.now() / 1000 + 120,
    events: { [event]: {} },
    sid: 's-1',
    ...given,
  });
  const sign = (given?: Record<string, unknown>, key = privateKey) =>
    new SignJWT(claims(given)).setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt' }).sign(key);
  async function verify(token: string): Promise<LogoutClaims> {
    const currentDate = new Date(world.now());
    const { payload } = await jwtVerify<LogoutClaims>(token, publicKey, { issuer, audience, currentDate });
    return payload;
  }
  const send = (body: BodyInit, headers: Record<string, string> = {}) =>
    world.curfew.backChannelLogout(new Request(`${origin}/logged-out`, { method: 'POST', body, headers }), {
      verify,
      ...more,
    });
  const logOut = async (token: string | Promise<string>) => send(new URLSearchParams({ logout_token: await token }));
  const plain = { account: String, address: String, pair: String };
  const refusals = async () => (await world.store.securityLog(plain).since(0, 99)).map((each) => each.kind);
  return { ...world, claims, sign, send, logOut, refusals };
}

const reference = { issuer, sid: 's-1' };

describe.each(kinds)('back-channel logout on %s', (kind) => {
  test('ends every session that refers to the one at the provider, and no other', async () => {
    const world = await application(kind);
    const [one, two, other] = [world.visitor(), world.visitor(), world.visitor()];
    await one.signIn({ reference });
    await two.signIn({ reference, user: 'bob' });
    await other.signIn({ reference: { issuer, sid: 's-2' } });
    const result = await world.logOut(world.sign());
    expect(result).toMatchObject({ ok: true, ended: 2 });
    expect(result.headers.get('Cache-Control')).toBe('no-store');
    expect((await one.ask()).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await two.ask()).status).toBe(401);
    expect((await other.ask()).status).toBe(200);
    expect((await world.events(one.id)).find(({ type }) => type === 'session.revoked')?.data).toMatchObject({
      by: issuer,
      reason: 'logout at the provider',
    });
  });

  test('goes with the session that was resumed by another session at the provider', async () => {
    const world = await application(kind);
    const ada = world.visitor();
    await ada.signIn({ reference });
    world.pass(minutes(31));
    await ada.signIn({ reference: { issuer, sid: 's-2' } });
    expect(await world.logOut(world.sign())).toMatchObject({ ok: true, ended: 0 });
    expect(await world.logOut(world.sign({ sid: 's-2' }))).toMatchObject({ ok: true, ended: 1 });
  });

  test('that comes before its session is kept until the token’s exp, and refuses that sign-in', async () => {
    const world = await application(kind);
    expect(await world.logOut(world.sign())).toMatchObject({ ok: true, ended: 0 });
    world.pass(119_999);
    const { status, body } = await world.visitor().signIn({ reference });
    expect([status, body.code]).toEqual([403, 'stale_proof']);
    expect(await world.curfew.sessions({ user: 'ada' })).toEqual([]);
    expect((await world.visitor().signIn({ reference: { issuer, sid: 's-2' } })).status).toBe(200);
    world.pass(1);
    expect((await world.visitor().signIn({ reference })).status).toBe(200);
  });

  test('refuses to resume by it as well', async () => {
    const world = await application(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(minutes(31));
    await world.logOut(world.sign());
    const before = await world.events(ada.id);
    expect((await ada.signIn({ reference })).body.code).toBe('stale_proof');
    expect((await world.events(ada.id)).length).toBeLessThanOrEqual(before.length + 2);
    expect((await ada.ask()).body.code).toBe('session_lapsed');
  });

  test('takes each token once: a replay is refused and recorded', async () => {
    const world = await application(kind);
    const token = await world.sign();
    expect((await world.logOut(token)).ok).toBe(true);
    expect(await world.logOut(token)).toMatchObject({ ok: false, code: 'invalid_logout_token', status: 400 });
    expect(await world.refusals()).toEqual(['logout_refused']);
    expect((await world.logOut(world.sign())).ok).toBe(true);
  });

  test('that names a user only ends all of theirs, where the application says who that is', async () => {
    const world = await application(kind, { user: ({ iss, sub }) => (sub === 'gone' ? null : `${iss} ${sub}`) });
    const user = `${issuer} 42`;
    const ada = world.visitor();
    await ada.signIn({ user });
    const byUser = (sub: string) => world.sign({ sid: undefined, sub });
    expect(await world.logOut(byUser('gone'))).toMatchObject({ ok: true, ended: 0 });
    expect(await world.logOut(byUser('42'))).toMatchObject({ ok: true, ended: 1 });
    expect((await world.visitor().signIn({ user })).body.code).toBe('stale_proof');
    expect((await ada.ask()).status).toBe(401);
  });

  test('a replay of one that names a user ends nothing that has begun since', async () => {
    const world = await application(kind, { user: ({ sub }) => sub });
    const token = await world.sign({ sid: undefined, sub: 'ada' });
    await world.logOut(token);
    world.pass(1_000);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(1_000);
    expect(await world.logOut(token)).toMatchObject({ ok: false, code: 'invalid_logout_token' });
    expect((await ada.ask()).status).toBe(200);
  });

  const wrong: [string, (world: Awaited<ReturnType<typeof application>>) => string | Promise<string>][] = [
    ['unsigned', ({ claims }) => new UnsecuredJWT(claims()).encode()],
    ['signed by another key', ({ sign }) => sign({}, stranger.privateKey)],
    ['of another audience', ({ sign }) => sign({ aud: 'another-client' })],
    ['of another issuer', ({ sign }) => sign({ iss: 'https://evil.example' })],
    ['expired', ({ sign, now }) => sign({ exp: now() / 1000 })],
    ['of the future', ({ sign, now }) => sign({ iat: now() / 1000 + 61 })],
    ['an ID token: it has a nonce', ({ sign }) => sign({ nonce: 'n' })],
    ['about no logout', ({ sign }) => sign({ events: { 'http://other.example': {} } })],
    ['without events', ({ sign }) => sign({ events: undefined })],
    ['without an id', ({ sign }) => sign({ jti: undefined })],
    ['without an end', ({ sign }) => sign({ exp: undefined })],
    ['about nobody', ({ sign }) => sign({ sid: undefined })],
    ['about a user that nothing tells', ({ sign }) => sign({ sid: undefined, sub: '42' })],
    ['no token', () => 'nonsense'],
    ['empty', () => ''],
  ];
  test.each(wrong)('refuses a token that is %s, records it, and ends nothing', async (_, make) => {
    const world = await application(kind);
    const ada = world.visitor();
    await ada.signIn({ reference, user: '42' });
    expect(await world.logOut(make(world))).toMatchObject({ ok: false, code: 'invalid_logout_token', status: 400 });
    expect(await world.refusals()).toEqual(['logout_refused']);
    expect(JSON.stringify(world.lines)).toContain('a logout token was refused');
    expect((await ada.ask()).status).toBe(200);
    expect((await world.visitor().signIn({ reference })).status).toBe(200);
  });

  test('refuses what is no form, and what is too large', async () => {
    const world = await application(kind);
    const token = await world.sign();
    const json = { 'Content-Type': 'application/json' };
    expect(await world.send(JSON.stringify({ logout_token: token }), json)).toMatchObject({ ok: false, status: 400 });
    const large = new URLSearchParams({ logout_token: 'x'.repeat(20_000) });
    expect(await world.send(large)).toMatchObject({ ok: false, code: 'too_large', status: 413 });
    expect((await world.logOut(token)).ok).toBe(true);
  });
});
