import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hours, minutes } from '../../../../machines/index.ts';
import { createProvider, ProviderUnavailable, type OidcProvider } from '../../../../server/app/oidc/provider.ts';
import { oidcSettingsOf, type OidcSettings } from '../../../../server/app/oidc/settings.ts';
import { startProvider, type Signed, type TestProvider } from '../../../support/oidc/provider.ts';
import { freePort } from '../../../support/freePort.ts';

const redirectUri = new URL('http://localhost:3000/api/oidc/callback');
// Not this machine's.
let now = Date.UTC(2027, 3, 1, 12);
const clock = () => now;
let there: TestProvider;
let settings: OidcSettings;
let provider: OidcProvider;

beforeAll(async () => {
  there = await startProvider();
  await there.register(redirectUri.origin);
  const read = oidcSettingsOf(there.env);
  if (!read) throw new Error('no provider');
  settings = read;
  provider = createProvider(settings, { clock });
});
afterAll(() => there?.stop());
beforeEach(async () => {
  await there.setNow(now);
  await there.set({ silent: false, dropsAuthTime: false, dropsSid: false });
});

async function answered({ again = true, account = 'ada', jar = new Map<string, string>() } = {}) {
  const challenge = provider.newChallenge();
  const url = await provider.authorizationUrl(challenge, redirectUri, again ? 'login' : null);
  return { challenge, url, answer: new URL(await there.signIn(url.href, account, jar)) };
}

describe('an OpenID provider', () => {
  test('is asked with state, nonce and PKCE, and to prove anew who the user is where that is needed', async () => {
    const challenge = provider.newChallenge();
    const [again, plain, another] = await Promise.all(
      (['login', null, 'select_account'] as const).map(
        async (prompt) => (await provider.authorizationUrl(challenge, redirectUri, prompt)).searchParams,
      ),
    );
    for (const asked of [again, plain, another])
      expect(Object.fromEntries(asked ?? [])).toMatchObject({
        client_id: 'curfew',
        response_type: 'code',
        redirect_uri: redirectUri.href,
        state: challenge.state,
        nonce: challenge.nonce,
        code_challenge_method: 'S256',
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      });
    expect([again?.get('prompt'), again?.get('max_age')]).toEqual(['login', '0']);
    expect([plain?.get('prompt'), plain?.get('max_age')]).toEqual([null, '2592000']);
    expect([another?.get('prompt'), another?.get('max_age')]).toEqual(['select_account', '2592000']);
    expect(again?.toString()).not.toContain(challenge.verifier);
  });

  test('says who has proved when and how who they are, and by which session of its own', async () => {
    const { challenge, answer } = await answered();
    expect(await provider.exchange(answer, challenge)).toEqual({
      ok: true,
      issuer: there.issuer,
      subject: 'ada',
      name: 'ada of elsewhere',
      authenticatedAt: now,
      amr: ['pwd', 'otp'],
      acr: 'urn:test',
      sid: await there.sidOf('ada'),
    });
  });

  test('that answers by its own session says when that was', async () => {
    const jar = new Map<string, string>();
    await answered({ jar });
    const then = now;
    now += hours(1);
    await there.setNow(now);
    const { challenge, answer } = await answered({ again: false, jar });
    expect(await provider.exchange(answer, challenge)).toMatchObject({ ok: true, authenticatedAt: then });
  });

  test('that hears neither of prompt nor of max_age says when that was, too', async () => {
    const jar = new Map<string, string>();
    await answered({ jar });
    const then = now;
    now += hours(1);
    await there.setNow(now);
    await there.set({ silent: true });
    const { challenge, answer } = await answered({ jar });
    expect(await provider.exchange(answer, challenge)).toMatchObject({ ok: true, authenticatedAt: then });
  });

  test('that does not say when is not believed to mean now', async () => {
    await there.set({ dropsAuthTime: true, dropsSid: true });
    const { challenge, answer } = await answered();
    const proof = await provider.exchange(answer, challenge);
    expect(proof).toMatchObject({ ok: true, authenticatedAt: null });
    expect(proof).not.toHaveProperty('sid');
  });

  test('at which the user changes their mind signs nobody in', async () => {
    const { challenge, answer } = await answered({ account: '' });
    expect(await provider.exchange(answer, challenge)).toEqual({
      ok: false,
      code: 'cancelled',
      reason: 'access_denied',
    });
  });

  test('is believed nothing when state, nonce or verifier are not those of the question, or the code was used', async () => {
    for (const wrong of [{ state: 'another' }, { nonce: 'another' }, { verifier: 'a'.repeat(43) }]) {
      const { challenge, answer } = await answered();
      const refused = await provider.exchange(answer, { ...challenge, ...wrong });
      expect(refused, JSON.stringify(wrong)).toMatchObject({ ok: false, code: 'not_signed_in' });
    }
    const { challenge, answer } = await answered();
    await provider.exchange(answer, challenge);
    expect(await provider.exchange(answer, challenge)).toMatchObject({ ok: false, code: 'not_signed_in' });
  });

  test('that answers for another is not believed', async () => {
    const { challenge, answer } = await answered();
    answer.searchParams.set('iss', 'https://evil.example');
    expect(await provider.exchange(answer, challenge)).toMatchObject({ ok: false, code: 'not_signed_in' });
  });

  test('that cannot be reached is asked again the next time', async () => {
    const port = await freePort();
    const away = createProvider({ ...settings, issuer: new URL(`http://127.0.0.1:${port}`) }, { clock });
    const challenge = away.newChallenge();
    await expect(away.authorizationUrl(challenge, redirectUri, 'login')).rejects.toThrow(ProviderUnavailable);
    expect(await away.exchange(redirectUri, challenge)).toMatchObject({ ok: false, code: 'unavailable' });
    await expect(away.verifyLogoutToken('x')).rejects.toThrow(`http://127.0.0.1:${port}/ cannot be used: `);
  });
});

describe('a logout token', () => {
  const logout = 'http://schemas.openid.net/event/backchannel-logout';
  const claims = () => ({
    iss: there.issuer,
    aud: there.clientId,
    iat: now / 1000,
    exp: now / 1000 + 120,
    jti: 'token-1',
    sid: 'session-1',
    sub: 'ada',
    events: { [logout]: {} },
  });
  const verified = async (signed: Partial<Signed> = {}) =>
    provider.verifyLogoutToken(await there.sign({ claims: claims(), ...signed }));

  test('of the provider is taken', async () => {
    expect(await verified()).toEqual({
      iss: there.issuer,
      sub: 'ada',
      sid: 'session-1',
      jti: 'token-1',
      iat: now / 1000,
      exp: now / 1000 + 120,
      events: { [logout]: {} },
    });
  });

  test.each([
    ['unsigned', { by: 'nobody' }, /alg|unsecured|algorithm|Invalid/i],
    ['signed by another', { by: 'another' }, /signature/],
    ['of another type', { header: { typ: 'JWT' } }, /typ/],
    ['of no type', { header: { typ: '' } }, /typ/],
  ] as const)('that is %s is refused', async (_, signed, reason) => {
    await expect(verified(signed)).rejects.toThrow(reason);
  });

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }, /iss/],
    ['of another audience', { aud: 'another' }, /aud/],
    ['that has expired', { exp: -minutes(2) }, /exp/],
    ['that is too old', { iat: -minutes(20), exp: minutes(20) }, /iat/],
    ['of tomorrow', { iat: hours(24), exp: hours(25) }, /iat/],
    ['without an id', { jti: undefined }, /jti/],
    ['without a time', { iat: undefined }, /iat/],
    ['without an end', { exp: undefined }, /exp/],
    ['without an event', { events: undefined }, /events/],
    ['of an event that is no object', { events: 'logout' }, /events/],
  ])('%s is refused', async (_, wrong: Record<string, unknown>, reason) => {
    const at = (value: unknown) => (typeof value === 'number' ? (now + value) / 1000 : value);
    const changed = Object.entries(wrong).map(([name, value]) => [name, at(value)]);
    await expect(verified({ claims: { ...claims(), ...Object.fromEntries(changed) } })).rejects.toThrow(reason);
  });

  test.each(['', 'x', 'a.b.c', 'e30.e30.', '{}'])('that is none is refused: %o', async (text) => {
    await expect(provider.verifyLogoutToken(text)).rejects.toThrow(/JW[ST]/);
  });
});
