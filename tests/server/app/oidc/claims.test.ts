import { describe, expect, test } from 'vitest';
import { logoutClaimsOf, proofOf } from '../../../../server/app/oidc/claims.ts';

const issuer = 'https://id.example.com';
const claims = { iss: issuer, sub: 'user-1', auth_time: 1_795_000_000 };

describe('an ID token', () => {
  test('says who has proved when and how who they are', () => {
    expect(
      proofOf({ ...claims, amr: ['pwd', 'otp'], acr: 'urn:high', sid: 's1', name: 'Ada', email: 'ada@example.com' }),
    ).toEqual({
      issuer,
      subject: 'user-1',
      name: 'Ada',
      authenticatedAt: 1_795_000_000_000,
      amr: ['pwd', 'otp'],
      acr: 'urn:high',
      sid: 's1',
    });
  });

  test.each([
    ['the name', { name: 'Ada', preferred_username: 'ada' }, 'Ada'],
    ['the user name, where there is no name', { name: ' ', preferred_username: 'ada' }, 'ada'],
    ['the e-mail address, where there is nothing else', { email: 'ada@example.com' }, 'ada@example.com'],
    ['the name without what nobody sees', { name: '\u202eA\u0000da\u200b ' }, 'Ada'],
    ['a name that is no longer than ours', { name: 'x'.repeat(500) }, 'x'.repeat(100)],
    ['some name, where there is none', {}, 'User'],
    ['some name, where it is no text', { name: { first: 'Ada' } }, 'User'],
  ])('is shown by %s', (_, names, shown) => {
    expect(proofOf({ ...claims, ...names })?.name).toBe(shown);
  });

  test.each([undefined, null, '1795000000', -1, 0, 1_795_000_000_000, Number.NaN])(
    'does not say when, where `auth_time` is %o',
    (time) => expect(proofOf({ ...claims, auth_time: time })?.authenticatedAt).toBeNull(),
  );

  test.each([
    ['amr', 'pwd'],
    ['amr', [1]],
    ['acr', 3],
    ['sid', ''],
  ])('is believed no %s of another shape: %o', (name, value) => {
    expect(proofOf({ ...claims, [name]: value })).not.toHaveProperty(name);
  });

  test.each([undefined, {}, { iss: issuer }, { iss: issuer, sub: '' }, { iss: issuer, sub: 7 }])(
    'names no user: %o',
    (token) => expect(proofOf(token)).toBeNull(),
  );
});

describe('a logout token', () => {
  const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const token = { iss: issuer, jti: 'j1', iat: 1, exp: 2, events: event };

  test.each([
    ['a session', { sid: 's1' }],
    ['a user', { sub: 'user-1' }],
    ['what an ID token says', { sid: 's1', nonce: 'n' }],
  ])('is passed on with %s, for Curfew to judge', (_, more) =>
    expect(logoutClaimsOf({ ...token, ...more })).toEqual({ ...token, ...more }),
  );

  test.each([undefined, {}, { ...token, jti: undefined }, { ...token, iat: '1' }, { ...token, events: 'logout' }])(
    'of another shape is none: %o',
    (given) => expect(() => logoutClaimsOf(given)).toThrow(/^its claims are not those of a logout token: \w*$/),
  );
});
