import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../../../../machines/index.ts';
import { createWorld } from '../../../support/server/world.ts';
import { Authenticator } from '../../../support/webauthn/authenticator.ts';
import { PasskeyBrowser } from '../../../support/webauthn/browser.ts';

const refused = { status: 401, body: { code: 'invalid_credentials' } };
const needsProof = { status: 403, body: { code: 'reauthentication_required' } };

async function world() {
  const made = await createWorld();
  const browser = (authenticator?: Authenticator) => new PasskeyBrowser(made, authenticator);
  const ada = browser();
  await ada.register();
  const reasons = () => made.lines.filter(({ msg }) => msg === 'sign_in_refused').map(({ reason }) => reason);
  return { ...made, ada, browser, reasons };
}

/** Somebody with a passkey, who was there and has gone. */
async function lapsed() {
  const made = await world();
  await made.ada.makePasskey();
  const id = await made.ada.sessionId();
  made.pass(minutes(31));
  expect((await made.ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_lapsed' });
  return { ...made, id };
}

describe('a user’s passkeys', () => {
  test('are several, listed without their keys, and can be removed', async () => {
    const { ada, browser, now } = await world();
    expect(await ada.makePasskey('Phone')).toMatchObject({ status: 201, body: { passkey: { name: 'Phone' } } });
    const other = Object.assign(browser(), { jar: ada.jar });
    const made = await other.makePasskey('Key on the ring');
    const listed = (await ada.get('/api/passkeys')).body.passkeys;
    expect(listed).toEqual(
      ['Phone', 'Key on the ring']
        .map((name) => ({
          id: expect.any(String),
          name,
          createdAt: now(),
          lastUsedAt: null,
        }))
        .toSorted((a, b) => (a.name === listed[0].name ? -1 : b.name === listed[0].name ? 1 : 0)),
    );
    expect((await ada.send('DELETE', `/api/passkeys/${made.body.passkey.id}`)).status).toBe(204);
    expect((await ada.send('DELETE', `/api/passkeys/${made.body.passkey.id}`)).status).toBe(404);
    expect((await ada.get('/api/passkeys')).body.passkeys).toHaveLength(1);
    expect(await browser(other.authenticator).signInByPasskey()).toMatchObject(refused);
  });

  test('ASVS 7.5.1 are made and removed only shortly after a proof of who the user is', async () => {
    const { ada, pass } = await world();
    const { body } = await ada.makePasskey();
    pass(minutes(11));
    expect(await ada.post('/api/passkeys/registration/options')).toMatchObject(needsProof);
    expect(await ada.post('/api/passkeys', {})).toMatchObject(needsProof);
    expect(await ada.send('DELETE', `/api/passkeys/${body.passkey.id}`)).toMatchObject(needsProof);
    expect((await ada.get('/api/passkeys')).body.passkeys).toHaveLength(1);
    await ada.reauthenticate();
    expect((await ada.send('DELETE', `/api/passkeys/${body.passkey.id}`)).status).toBe(204);
  });

  test('are another user’s business only for that user', async () => {
    const { ada, browser } = await world();
    const { body } = await ada.makePasskey();
    const bob = browser();
    await bob.register('bob');
    expect((await bob.get('/api/passkeys')).body.passkeys).toEqual([]);
    expect((await bob.send('DELETE', `/api/passkeys/${body.passkey.id}`)).status).toBe(404);
  });

  test('are not made for a challenge of another user, or twice for one', async () => {
    const { ada, browser } = await world();
    const asked = await ada.post('/api/passkeys/registration/options');
    const response = ada.authenticator.create(asked.body.options, { origin: 'http://localhost' });
    const bob = browser();
    bob.jar.set('__Host-curfew-sign-in', ada.jar.get('__Host-curfew-sign-in') ?? '');
    await bob.register('bob');
    expect(await bob.post('/api/passkeys', { name: 'Stolen', response })).toMatchObject(refused);
    expect(await ada.post('/api/passkeys', { name: 'Spoilt', response })).toMatchObject(refused);
    expect((await ada.makePasskey()).status).toBe(201);
    expect(await ada.makePasskey()).toMatchObject(refused);
  });

  test('are nobody’s without a session', async () => {
    const { browser } = await world();
    for (const [method, path] of [
      ['GET', '/api/passkeys'],
      ['POST', '/api/passkeys/registration/options'],
      ['POST', '/api/passkeys'],
      ['DELETE', '/api/passkeys/x'],
    ] as const)
      expect(await browser().send(method, path)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test.each([
    ['no name', { name: ' ' }, 'name'],
    ['a name of another type', { name: 7 }, 'name'],
    ['nothing of an authenticator', { name: 'x', response: { id: 'x' } }, 'response'],
    ['something unknown', { user: 'bob' }, ''],
  ])('of %s are refused', async (_, json, field) => {
    const { ada } = await world();
    const { status, body } = await ada.post('/api/passkeys', json);
    expect(status).toBe(422);
    expect(body.fields.map((each: { field: string }) => each.field)).toContain(field);
  });
});

describe('sign-in by passkey', () => {
  test('needs no user name, and the log says how: a key, a user who was there, and their verification', async () => {
    const { ada, browser, events, now, pass } = await world();
    await ada.makePasskey();
    pass(minutes(1));
    const elsewhere = browser(ada.authenticator);
    const answer = await elsewhere.signInByPasskey();
    expect(answer).toMatchObject({ status: 200, body: { session: { state: 'active' } } });
    expect(answer.body).not.toHaveProperty('token');
    expect((await elsewhere.get('/api/auth/me')).body.user.username).toBe('ada');
    const [started] = await events(await elsewhere.sessionId());
    expect(started).toMatchObject({ type: 'session.started', data: { method: ['pop', 'user', 'mfa'] } });
    expect((await ada.get('/api/passkeys')).body.passkeys).toMatchObject([{ lastUsedAt: now() }]);
  });

  test('takes the longer limits, or a token in the body, where they are asked for', async () => {
    const { ada, browser } = await world();
    await ada.makePasskey();
    const remembered = await browser(ada.authenticator).signInByPasskey({ remember: true });
    expect(remembered.body.session.policy.idleTimeout).toBe(hours(24 * 14));
    const program = browser(ada.authenticator);
    expect((await program.signInByPasskey({ transport: 'bearer' })).body.token).toEqual(expect.any(String));
    expect(program.jar.has('__Host-curfew')).toBe(false);
  });

  test('resumes a session that has lapsed, in the same stream', async () => {
    const { ada, id, events } = await lapsed();
    expect((await ada.get('/api/auth/ways')).body.ways).toEqual([{ kind: 'password' }, { kind: 'passkey' }]);
    expect(await ada.signInByPasskey({ session: id })).toMatchObject({ status: 200, body: { session: { id } } });
    expect((await events(id)).at(-1)).toMatchObject({
      type: 'user.reauthenticated',
      data: { method: ['pop', 'user', 'mfa'] },
    });
  });

  test('resumes nothing without verifying the user, at the locked screen or anywhere else', async () => {
    const { ada, id, events, reasons, browser } = await lapsed();
    const before = await events(id);
    expect(await ada.signInByPasskey({ session: id }, { verifiesUser: false })).toMatchObject(refused);
    expect(await ada.signInByPasskey({}, { verifiesUser: false })).toMatchObject(refused);
    expect(await browser(ada.authenticator).signInByPasskey({}, { verifiesUser: false })).toMatchObject(refused);
    expect(await events(id)).toEqual(before);
    expect(reasons()).toEqual(Array(3).fill(expect.stringMatching(/user verification/i)));
  });

  test('of another user resumes nothing, and displaces nothing', async () => {
    const { ada, id, browser, events } = await lapsed();
    const bob = browser();
    await bob.register('bob');
    await bob.makePasskey();
    const before = await events(id);
    const atTheScreen = Object.assign(browser(bob.authenticator), { jar: ada.jar });
    expect(await atTheScreen.signInByPasskey({ session: id })).toMatchObject({
      status: 409,
      body: { code: 'session_mismatch' },
    });
    expect(await events(id)).toEqual(before);
  });

  test('counts as a recent proof', async () => {
    const { ada, pass } = await world();
    await ada.makePasskey();
    pass(minutes(11));
    expect(await ada.post('/api/passkeys/registration/options')).toMatchObject(needsProof);
    await ada.signInByPasskey({ session: await ada.sessionId() });
    expect((await ada.post('/api/passkeys/registration/options')).status).toBe(200);
  });

  test('takes a challenge once, in its own browser, and within ten minutes', async () => {
    const { ada, browser, pass, reasons } = await world();
    await ada.makePasskey();
    const elsewhere = browser(ada.authenticator);
    const response = await elsewhere.proof();
    await browser().get('/api/oidc/start');
    expect(await browser(ada.authenticator).post('/api/sign-in/passkey', { response })).toMatchObject(refused);
    expect((await elsewhere.post('/api/sign-in/passkey', { response })).status).toBe(200);
    expect(await elsewhere.post('/api/sign-in/passkey', { response })).toMatchObject(refused);
    const late = await elsewhere.proof();
    pass(minutes(10));
    expect(await elsewhere.post('/api/sign-in/passkey', { response: late })).toMatchObject(refused);
    expect(reasons()).toEqual(Array(3).fill('no such challenge in this browser'));
  });

  test('WebAuthn 7.2 refuses a copy of a key: its counter does not go on', async () => {
    const { ada, browser, reasons } = await world();
    await ada.makePasskey();
    await browser(ada.authenticator).signInByPasskey({}, { counter: 7 });
    expect(await browser(ada.authenticator).signInByPasskey({}, { counter: 7 })).toMatchObject(refused);
    expect(await browser(ada.authenticator).signInByPasskey({}, { counter: 3 })).toMatchObject(refused);
    expect(reasons()).toEqual(Array(2).fill(expect.stringMatching(/counter/)));
  });

  test('refuses a passkey that nobody has, and one that says it is another user’s', async () => {
    const { ada, browser } = await world();
    await ada.makePasskey();
    expect(await browser(new Authenticator()).signInByPasskey({}, { user: 'ada' })).toMatchObject(refused);
    expect(await browser(ada.authenticator).signInByPasskey({}, { user: 'bob' })).toMatchObject(refused);
  });

  test.each([
    ['a session of another type', { session: 7 }, 'session'],
    ['neither yes nor no', { remember: 'yes' }, 'remember'],
    ['another way to carry it', { transport: 'pigeon' }, 'transport'],
    ['something unknown', { user: 'ada' }, ''],
  ])('refuses %s', async (_, json, field) => {
    const { ada, browser } = await world();
    await ada.makePasskey();
    const { status, body } = await browser(ada.authenticator).signInByPasskey(json);
    expect({ status, fields: body.fields }).toMatchObject({ status: 422, fields: [{ field }] });
  });
});
