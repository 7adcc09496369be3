import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createWorld, lapse, modes } from '../../support/server/world.ts';

describe('one jar, two people', () => {
  it('a page that means another session than the cookie is refused before its body is read, and nothing happens', async () => {
    const { client, events } = await createWorld();
    const ada = client();
    await ada.register();
    for (const path of [
      '/api/auth/refresh',
      '/api/auth/logout',
      '/api/auth/reauthenticate',
      '/api/auth/login',
      '/api/auth/register',
    ]) {
      const refused = await ada.post(path, { nonsense: true }, { 'Session-Id': 'another' });
      expect(refused.status, path).toBe(409);
      expect(refused.body, path).toMatchObject({ code: 'session_mismatch' });
      expect(refused.headers.has('Set-Cookie'), path).toBe(false);
    }
    expect((await ada.get('/api/drafts', { 'Session-Id': 'another' })).body).toMatchObject({
      code: 'session_mismatch',
    });
    expect((await ada.get('/api/drafts', { 'Session-Id': ada.id })).status).toBe(200);
    expect(await events(ada.id)).toHaveLength(1);
  });

  it.each(['live', 'lapsed'])('a sign-in ends the %s session whose cookie it replaces', async (state) => {
    const { client, pass, events } = await createWorld();
    const browser = client();
    await browser.register('ada');
    const ada = browser.twin();
    if (state === 'lapsed') pass(lapse);
    await browser.register('bob', 'battery staple');
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'displaced' });
    expect((await events(ada.id)).at(-1)).toMatchObject({ type: 'session.displaced', data: { by: browser.id } });
    expect((await browser.get('/api/auth/me')).body.user.username).toBe('bob');
  });

  it('a sign-in in bearer mode replaces no cookie', async () => {
    const { client } = await createWorld();
    const browser = client();
    await browser.register();
    const answer = await browser.login('ada', 'correct horse', { transport: 'bearer' });
    expect(answer.body.token).toEqual(expect.any(String));
    expect(answer.headers.has('Set-Cookie')).toBe(false);
  });

  it('a bearer token wins over a cookie', async () => {
    const { client } = await createWorld();
    const ada = client();
    await ada.register('ada');
    const bob = client('bearer');
    await bob.register('bob');
    const both = await ada.get('/api/auth/me', bob.headers);
    expect(both.body.user.username).toBe('bob');
  });

  it('the first user’s work opens again with the same key after somebody else was here', async () => {
    const { client, pass } = await createWorld();
    const browser = client();
    const first = await browser.register('ada');
    await browser.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 });
    pass(lapse);
    const second = await browser.register('bob', 'battery staple');
    expect(second.body.vaultKey).not.toEqual(first.body.vaultKey);
    expect((await browser.get('/api/drafts/letter')).status).toBe(404);
    const again = await browser.login('ada');
    expect(again.body.vaultKey).toEqual(first.body.vaultKey);
    expect((await browser.get('/api/drafts/letter')).body).toEqual({ ciphertext: 'Y2lwaGVy', savedAt: 1 });
  });
});

describe('several sessions of one user', () => {
  it('ASVS 7.1.2 the limit ends the one that was least recently authenticated', async () => {
    const { client, pass } = await createWorld({ policy: { maxSessions: 2 } });
    const [one, two, three] = [client('bearer'), client('bearer'), client('bearer')] as const;
    await one.register();
    pass(1000);
    await two.login();
    pass(1000);
    await one.post('/api/auth/reauthenticate', { password: 'correct horse' });
    pass(1000);
    await three.login();
    expect((await two.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'displaced' });
    expect((await one.get('/api/auth/me')).status).toBe(200);
    expect((await three.get('/api/auth/me')).status).toBe(200);
  });

  it('ASVS 7.1.2 or denies the newcomer, whether signing in or restoring, and frees the place of a replaced cookie', async () => {
    const { client, pass } = await createWorld({ policy: { maxSessions: 1, onLimit: 'deny' } });
    const [one, two] = [client(), client('bearer')] as const;
    await one.register();
    expect((await two.login()).body).toMatchObject({ code: 'session_limit' });
    expect((await one.login()).status).toBe(200);
    pass(lapse);
    expect((await two.login()).status).toBe(200);
    expect((await one.post('/api/auth/reauthenticate', { password: 'correct horse' })).body).toMatchObject({
      code: 'session_limit',
    });
  });

  it('twenty sign-ins at once never exceed the limit', async () => {
    const { client, parts } = await createWorld({ policy: { maxSessions: 3 } });
    const first = client('bearer');
    await first.register();
    const clients = Array.from({ length: 20 }, () => client('bearer'));
    const answers = await Promise.all(clients.map((each) => each.login()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await parts.log.sessionsOf(first.user?.id ?? '')).toHaveLength(3);
  });

  it.each(modes)('ASVS 7.5.2 are listed and ended by their user only, after a recent proof (%s)', async (mode) => {
    const { client, pass } = await createWorld();
    const [one, two, bob] = [client(mode), client('bearer'), client('bearer')] as const;
    await one.register('ada');
    await two.login('ada');
    await bob.register('bob');
    const { sessions } = (await one.get('/api/auth/sessions')).body;
    expect(sessions.map(({ id, current, state }: Record<string, unknown>) => ({ id, current, state }))).toEqual(
      expect.arrayContaining([
        { id: one.id, current: true, state: 'active' },
        { id: two.id, current: false, state: 'active' },
      ]),
    );
    expect((await one.call('DELETE', `/api/auth/sessions/${bob.id}`)).status).toBe(404);
    expect((await one.get(`/api/auth/sessions/${bob.id}/events`)).status).toBe(404);
    pass(minutes(10) + 1);
    expect((await one.call('DELETE', `/api/auth/sessions/${two.id}`)).body).toMatchObject({
      code: 'reauthentication_required',
    });
    await one.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await one.call('DELETE', `/api/auth/sessions/${two.id}`)).status).toBe(204);
    expect((await two.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await one.get('/api/auth/sessions')).body.sessions).toHaveLength(1);
    expect((await one.get('/api/auth/sessions?ended=true')).body.sessions).toHaveLength(2);
  });

  it('ASVS 7.5.2 all others end at once, and a sign-in that was under way gets nothing', async () => {
    const { client, parts } = await createWorld();
    const [one, two, three] = [client('bearer'), client('bearer'), client('bearer')] as const;
    await one.register();
    await two.login();
    const proved = parts.accounts.confirmPassword.bind(parts.accounts);
    parts.accounts.confirmPassword = async (id, password) => {
      const answer = await proved(id, password);
      await one.call('DELETE', '/api/auth/sessions');
      return answer;
    };
    expect((await three.login()).body).toMatchObject({ code: 'invalid_credentials' });
    expect((await two.get('/api/auth/me')).body).toMatchObject({ reason: 'revoked' });
    expect((await one.get('/api/auth/me')).status).toBe(200);
  });
});

describe('remembered sessions', () => {
  it('have longer limits and a cookie that outlives the browser, but not where the policy forbids them', async () => {
    const { client, pass } = await createWorld();
    const ada = client();
    const kept = await ada.register('ada', 'correct horse', { remember: true });
    expect(kept.headers.get('Set-Cookie')).toMatch(/Max-Age=2678400/);
    pass(minutes(60 * 24 * 13));
    expect((await ada.get('/api/auth/session-info')).body.session.state).toBe('active');
    const strict = await createWorld({ preset: 'pci' });
    const bob = strict.client();
    const plain = await bob.register('bob', 'battery staple', { remember: true });
    expect(plain.headers.get('Set-Cookie')).not.toMatch(/Max-Age/);
    expect(plain.body.session.policy.idleTimeout).toBe(minutes(15));
  });
});

describe('a dead session that is used', () => {
  it('is noted now and then, so that neither a zombie tab nor an attacker grows the log', async () => {
    const { client, pass, events } = await createWorld({ policy: { tokenLifetime: minutes(30) } });
    const ada = client('bearer');
    await ada.register();
    const zombie = ada.twin();
    await ada.post('/api/auth/logout');
    const noted = async () => (await events(ada.id)).filter(({ type }) => type === 'session.usedAfterEnd').length;
    await zombie.get('/api/drafts');
    expect(await noted()).toBe(0);
    pass(seconds(10));
    await zombie.get('/api/auth/session-info');
    await zombie.post('/api/auth/refresh');
    expect(await noted()).toBe(0);
    for (let time = 0; time < 60; time++) {
      await zombie.get('/api/drafts');
      pass(seconds(10));
    }
    expect(await noted()).toBe(10);
    pass(minutes(20));
    await zombie.get('/api/drafts');
    expect(await noted()).toBe(10);
  });
});
