import { describe, expect, test } from 'vitest';
import {
  authenticationOptions,
  authenticationResponse,
  challengeOf,
  passkeyMethods,
  registrationOptions,
  registrationResponse,
  verifyAuthentication,
  verifyRegistration,
} from '../../../../server/app/passkeys/ceremony.ts';
import type { Passkey } from '../../../../server/app/store/signIn.ts';
import { Authenticator, type Doing } from '../../../support/webauthn/authenticator.ts';

const origin = 'https://app.example.com';
const party = { name: 'Curfew', origin };
const user = { id: 'user-1', name: 'Ada' };

async function registered(doing: Partial<Doing> = {}) {
  const authenticator = new Authenticator();
  const options = await registrationOptions(party, user, []);
  const response = registrationResponse.parse(authenticator.create(options, { origin, ...doing }));
  return { authenticator, options, response };
}

async function kept() {
  const { authenticator, options, response } = await registered();
  const verified = await verifyRegistration(party, response, options.challenge);
  if (!verified.ok) throw new Error(verified.reason);
  const passkey: Passkey = { ...verified.passkey, user: user.id, name: 'Key', createdAt: 1, lastUsedAt: null };
  return { authenticator, passkey };
}

async function used(doing: Partial<Doing> = {}) {
  const { authenticator, passkey } = await kept();
  const { challenge } = await authenticationOptions(party);
  const response = authenticationResponse.parse(authenticator.get({ challenge }, { origin, ...doing }));
  return { response, challenge, passkey };
}

describe('a passkey', () => {
  test('is found without a user name, and its user is verified each time', async () => {
    const other = { ...(await kept()).passkey, id: 'another', transports: ['usb'] };
    expect(await registrationOptions(party, user, [other])).toMatchObject({
      rp: { id: 'app.example.com' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: 'another', transports: ['usb'] }],
    });
    const options = await authenticationOptions(party);
    expect(options).toMatchObject({ rpId: 'app.example.com', userVerification: 'required' });
    expect(options.allowCredentials ?? []).toEqual([]);
  });

  test('is kept as it was made', async () => {
    const { options, response, authenticator } = await registered();
    expect(challengeOf(response)).toBe(options.challenge);
    expect(await verifyRegistration(party, response, options.challenge)).toEqual({
      ok: true,
      passkey: {
        id: authenticator.id.toString('base64url'),
        publicKey: expect.stringMatching(/^[\w-]+$/),
        counter: 0,
        transports: ['internal'],
        isBoundToDevice: true,
      },
    });
  });

  test.each([
    ['of a user who was not verified', { verifiesUser: false }, /user verification/i],
    ['made at another origin', { origin: 'https://evil.example.com' }, /origin/i],
    ['made for another relying party', { rpID: 'example.com' }, /RP ID/i],
  ])('%s is not kept', async (_, doing, reason) => {
    const { response, options } = await registered(doing);
    const refused = await verifyRegistration(party, response, options.challenge);
    expect(refused).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('made for another challenge is not kept', async () => {
    const { response } = await registered();
    const refused = await verifyRegistration(party, response, 'b3RoZXI');
    expect(refused).toEqual({ ok: false, reason: expect.stringMatching(/challenge/i) });
  });

  test('proves who its user is, and tells how often it was used', async () => {
    const { response, challenge, passkey } = await used();
    expect(challengeOf(response)).toBe(challenge);
    expect(await verifyAuthentication(party, response, challenge, passkey)).toEqual({ ok: true, counter: 1 });
  });

  test.each([
    ['without verifying its user', { verifiesUser: false }, /verif/i],
    ['at another origin', { origin: 'https://evil.example.com' }, /origin/i],
    ['for another relying party', { rpID: 'example.com' }, /RP ID/i],
    ['for another user', { user: 'user-2' }, /another user/],
  ])('that is used %s proves nothing', async (_, doing, reason) => {
    const { response, challenge, passkey } = await used(doing);
    const refused = await verifyAuthentication(party, response, challenge, passkey);
    expect(refused).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('proves nothing for another challenge, with another key, or by a counter of before', async () => {
    const { response, challenge, passkey } = await used();
    const reasons = [
      await verifyAuthentication(party, response, 'b3RoZXI', passkey),
      await verifyAuthentication(party, response, challenge, {
        ...passkey,
        publicKey: (await kept()).passkey.publicKey,
      }),
      await verifyAuthentication(party, response, challenge, { ...passkey, counter: 5 }),
    ];
    expect(reasons).toEqual([
      { ok: false, reason: expect.stringMatching(/challenge/i) },
      { ok: false, reason: expect.stringMatching(/signature/i) },
      { ok: false, reason: expect.stringMatching(/counter/i) },
    ]);
  });

  test('RFC 8176 is told by registered values: a key, a user who is there, and their verification', () => {
    expect(passkeyMethods).toEqual(['pop', 'user', 'mfa']);
  });

  test.each(['', 'bm8gSlNPTg', 'eyJhIjoxfQ', '!!'])(
    'answers no challenge that cannot be read: %o',
    (clientDataJSON) => {
      expect(challengeOf({ response: { clientDataJSON } })).toBe('');
    },
  );
});
