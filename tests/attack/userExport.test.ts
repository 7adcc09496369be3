import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../machines/index.ts';
import { revokeSessions } from '../../server/session/revocation.ts';
import { expectNoTrace, expectRefusal } from '../support/server/refusal.ts';
import { sealedDraft } from '../support/server/sealedDraft.ts';
import { createVerbWorld } from '../support/server/verbs.ts';
import { createWorld, lapse, modes, secret, t0, type Client } from '../support/server/world.ts';

const path = '/api/auth/me/export';

/** Ada and Bob, signed in, and how often the application was asked for somebody's data. */
async function begin(mode: 'cookie' | 'bearer', options: Parameters<typeof createWorld>[0] = {}) {
  const asked: string[] = [];
  const world = await createWorld({ exportUserData: (user) => ({ asked: asked.push(user) }), ...options });
  const [ada, bob] = [world.client(mode), world.client(mode)];
  await ada.register();
  await bob.register('bob', 'a better password');
  return { world, ada, bob, asked };
}

/** What the jar adds to a request that a browser makes for some page, and nothing else. */
function fromPage(ada: Client, headers: Record<string, string>, method = 'GET') {
  const jar = ada.twin();
  Object.defineProperty(jar, 'headers', { value: { Cookie: `__Host-curfew=${ada.token}` } });
  return jar.raw(method, path, { headers });
}

describe.each(modes)('everything of a user as one file, %s mode', (mode) => {
  it('ASVS 8.2.2 is of nobody but who asks, whatever the request names', async () => {
    const { ada, bob, asked } = await begin(mode);
    const named = `?user=${bob.user?.id}&id=${bob.user?.id}&session=${bob.id}`;
    const { body } = await ada.get(`${path}${named}`, { 'Curfew-User': bob.user?.id ?? '', 'X-User': 'bob' });
    expect(body.user).toMatchObject({ id: ada.user?.id, name: 'ada' });
    expect(asked).toEqual([ada.user?.id]);
  });

  it('is refused to a page of another session, before anything else', async () => {
    const { ada, bob, asked } = await begin(mode);
    expectRefusal(await ada.get(path, { 'Session-Id': bob.id }), 'session_mismatch', 409, 'another’s session');
    expect((await ada.get(path, { 'Session-Id': ada.id })).status).toBe(200);
    expect(asked).toHaveLength(1);
  });

  it('ASVS 7.4.1 is refused without a session, of a lapsed one, of an ended one, and with a token of before', async () => {
    const { world, ada, asked } = await begin(mode);
    expectRefusal(await world.client(mode).get(path), 'unauthenticated', 401, 'nobody');
    const before = ada.twin();
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expectRefusal(await before.get(path), 'token_superseded', 401, 'before the barrier');
    const ended = ada.twin();
    await ada.post('/api/auth/logout');
    expectRefusal(await ended.get(path), 'session_ended', 401, 'ended');
    await ada.login();
    world.pass(lapse);
    expectRefusal(await ada.get(path), 'session_lapsed', 401, 'lapsed');
    expect(asked).toEqual([]);
  });

  it('ASVS 7.2.1 is refused with a token that was tampered with, or that another server has signed', async () => {
    const { ada, asked } = await begin(mode);
    const other = await begin(mode, { secret: 'the secret of quite another server' });
    // A cookie of another key is a neighbour's, who has the same name for it.
    const foreign = mode === 'cookie' ? 'unauthenticated' : 'invalid_token';
    for (const [token, code] of [
      [`${ada.token}x`, 'invalid_token'],
      [other.ada.token, foreign],
      [`${ada.token?.split('.').slice(0, 2).join('.')}.`, 'invalid_token'],
    ] as const) {
      const thief = ada.twin();
      thief.token = token;
      expectRefusal(await thief.get(path), code, 401, String(token));
    }
    expect(asked).toEqual([]);
  });

  it('ASVS 7.4.2 is refused to a user who is erased, and to one whose account is disabled', async () => {
    const { world, ada, bob, asked } = await begin(mode);
    const [erased, disabled] = [ada.twin(), bob.user?.id ?? ''];
    await ada.call('DELETE', '/api/auth/me', { password: 'correct horse' });
    expectRefusal(await erased.get(path), 'session_ended', 401, 'erased');
    const writes = [world.users.disableWrite(disabled, world.now())];
    await revokeSessions(world.parts, { user: disabled, by: 'operator', reason: 'disabled', writes });
    expectRefusal(await bob.get(path), 'session_ended', 401, 'disabled');
    expect((await bob.login('bob', 'a better password')).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it('ASVS 14.2.6 16.2.5 has no password, key, token or secret in it, nor has any line of the log', async () => {
    const { world, ada } = await begin(mode, { exportUserData: () => ({}) });
    await sealedDraft(ada, 'draft.letter', 'Dear Ines', t0);
    await ada.post('/api/auth/refresh');
    const keys = (await ada.get('/api/auth/vault-key')).body;
    const [row] = await world.rows('users');
    const { text } = await ada.get(path);
    const secrets = [ada.token, keys.vaultKey.key, keys.vaultKey.id, row?.['password_hash'], secret, 'correct horse'];
    for (const each of secrets) {
      expect(typeof each).toBe('string');
      expect(text).not.toContain(String(each));
      expect(JSON.stringify(world.lines)).not.toContain(String(each));
    }
    expect(text).not.toMatch(/argon2|\beyJ|"hash"|"salt"|generation/);
    expect(JSON.stringify(world.lines)).not.toContain('Dear Ines');
  });

  it('names neither the administrator who has ended a session nor the user who has taken its place', async () => {
    const { world, ada, bob } = await begin(mode);
    const laptop = ada.twin();
    await world.users.setRole(bob.user?.id ?? '', 'administrator');
    await ada.login();
    await bob.call('DELETE', `/api/admin/sessions/${laptop.id}`);
    const shared = world.client('cookie');
    await shared.login();
    const displaced = shared.id;
    await shared.login('bob', 'a better password');
    const { text, body } = await ada.get(path);
    const ended = body.sessions.filter(({ state }: { state: string }) => state === 'ended');
    expect(ended.map(({ id }: { id: string }) => id).toSorted()).toEqual([laptop.id, displaced].toSorted());
    for (const each of [bob.user?.id, bob.id, shared.id, 'bob']) expect(text).not.toContain(each);
  });
});

describe('a page of another site', () => {
  const foreign: readonly Record<string, string>[] = [
    {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-User': '?1',
      'Sec-Fetch-Dest': 'document',
    },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors', Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
    { 'Sec-Fetch-Site': 'none', Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': '' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
  ];

  it.each(foreign)('ASVS 3.5.1 3.5.3 makes no browser save the file, nor can it read it: %o', async (headers) => {
    const { world, ada, asked } = await begin('cookie');
    const answer = await expectNoTrace(world, ada, () => fromPage(ada, headers), 'cross_site_refused');
    expectRefusal(answer, 'cross_site', 403, JSON.stringify(headers));
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect((await fromPage(ada, headers, 'HEAD')).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('cannot send a token either: what a program has with it no page can read', async () => {
    const { ada } = await begin('bearer');
    const answer = await ada.get(path, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('ASVS 3.4.2 is read by those of listed origins alone, the name of the file, too', async () => {
    const origin = 'https://app.example.com';
    const { ada } = await begin('cookie', { origins: [origin] });
    const answer = await fromPage(ada, { Origin: origin, 'Sec-Fetch-Site': 'same-site' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('Content-Disposition');
    expect((await fromPage(ada, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });
});

describe('the user’s own browser', () => {
  it.each([
    { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate' },
    { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' },
    { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-User': '?1' },
    { Origin: 'http://localhost' },
    {},
  ] as Record<string, string>[])('gets it from its own pages, and when the address was typed: %o', async (headers) => {
    const { ada } = await begin('cookie');
    expect((await fromPage(ada, headers)).status).toBe(200);
  });
});

it('ASVS 7.5.1 a silent single sign-on is no proof: it counts from when the user proved who they are', async () => {
  const { visitor, now } = await createVerbWorld('sqlite');
  const ada = visitor('bearer');
  await ada.signIn({ authenticatedAt: now() - hours(1), issuer: 'https://id.example' });
  expectRefusal(await ada.get(path), 'reauthentication_required', 403, 'an old proof');
  await ada.signIn({ authenticatedAt: now() - minutes(1), issuer: 'https://id.example' });
  expect((await ada.get(path)).status).toBe(200);
});
