import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createWorld, lapse, modes, type Client, type World } from '../../support/server/world.ts';

async function promote({ users }: World, { user }: Client) {
  expect(await users.setRole(user?.id ?? '', 'administrator')).toBe(true);
}

/** An administrator, and Ada with a lapsed, an ended and a live session. */
async function begin(mode: 'cookie' | 'bearer') {
  const world = await createWorld();
  const [lapsed, ended, live, root] = [world.client(mode), world.client(mode), world.client(mode), world.client(mode)];
  await lapsed.register();
  await ended.login();
  await ended.post('/api/auth/logout');
  world.pass(lapse);
  await live.login();
  world.pass(seconds(1));
  await root.register('root', 'a better password');
  await promote(world, root);
  return { world, root, lapsed, ended, live };
}

const routes = (id: string, user: string) =>
  [
    ['GET', '/api/admin/sessions'],
    ['GET', `/api/admin/sessions/${id}/events`],
    ['DELETE', `/api/admin/sessions/${id}`],
    ['DELETE', `/api/admin/users/${user}/sessions`],
  ] as const;

describe.each(modes)('administrators, %s mode', (mode) => {
  it('ASVS 8.2.1 nobody else gets in, and each try is written down', async () => {
    const { world, live, root } = await begin(mode);
    for (const [method, path] of routes(root.id, root.user?.id ?? '')) {
      const answer = await live.call(method, path);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'forbidden' });
    }
    const written = await world.parts.securityLog.since(0, 10);
    expect(written.map(({ kind, user }) => [kind, user])).toEqual(
      Array.from({ length: 4 }, () => ['access_denied', live.user?.id]),
    );
    expect((await root.get('/api/auth/me')).status).toBe(200);
  });

  it('nobody gets in without a session', async () => {
    const { world, root, ended } = await begin(mode);
    for (const [method, path] of routes(root.id, root.user?.id ?? '')) {
      expect((await world.client(mode).call(method, path)).body).toMatchObject({ code: 'unauthenticated' });
      if (mode === 'bearer') expect((await ended.call(method, path)).body).toMatchObject({ code: 'session_ended' });
    }
  });

  it('ASVS 7.5.1 need a recent proof of who they are', async () => {
    const { world, root, live } = await begin(mode);
    world.pass(minutes(10));
    expect((await root.get('/api/admin/sessions')).status).toBe(200);
    world.pass(1);
    for (const [method, path] of routes(live.id, live.user?.id ?? ''))
      expect((await root.call(method, path)).body).toMatchObject({ code: 'reauthentication_required' });
    await root.post('/api/auth/reauthenticate', { password: 'a better password' });
    expect((await root.get('/api/admin/sessions')).status).toBe(200);
  });

  it('ASVS 8.3.2 a changed role takes effect at once, both ways', async () => {
    const { world, root, live } = await begin(mode);
    expect((await root.get('/api/auth/me')).body.user).toMatchObject({ role: 'administrator' });
    await world.users.setRole(root.user?.id ?? '', 'user');
    expect((await root.get('/api/admin/sessions')).body).toMatchObject({ code: 'forbidden' });
    expect((await root.get('/api/auth/me')).body.user).not.toHaveProperty('role');
    await promote(world, live);
    expect((await live.get('/api/admin/sessions')).status).toBe(200);
  });

  it('see everybody’s sessions, newest first, with whose they are', async () => {
    const { root, lapsed, ended, live } = await begin(mode);
    const { sessions, next } = (await root.get('/api/admin/sessions')).body;
    expect(sessions.map(({ id }: { id: string }) => id)).toEqual([
      root.id,
      live.id,
      ...[lapsed.id, ended.id].toSorted(),
    ]);
    expect(sessions[0]).toMatchObject({ current: true, user: { id: root.user?.id, username: 'root' } });
    expect(sessions[1]).toMatchObject({ current: false, state: 'active', user: { username: 'ada' }, device: {} });
    expect(next).toBeUndefined();
  });

  it('find them by user, by name or by id, and by state as it is now', async () => {
    const { world, root, lapsed, ended, live } = await begin(mode);
    const found = async (query: string) =>
      (await root.get(`/api/admin/sessions?${query}`)).body.sessions.map(({ id }: { id: string }) => id);
    expect((await found('user=Ada')).toSorted()).toEqual([lapsed.id, ended.id, live.id].toSorted());
    expect(await found(`user=${live.user?.id}&state=active`)).toEqual([live.id]);
    expect(await found('user=nobody')).toEqual([]);
    expect(await found('state=lapsed')).toEqual([lapsed.id]);
    expect(await found('state=ended')).toEqual([ended.id]);
    world.pass(minutes(9));
    await root.post('/api/auth/reauthenticate', { password: 'a better password' });
    world.pass(minutes(8));
    await root.post('/api/auth/reauthenticate', { password: 'a better password' });
    world.pass(minutes(8));
    expect(await found('state=expiring')).toEqual([live.id]);
  });

  it('page through as many as there are, each once', async () => {
    const { world, root } = await begin(mode);
    for (let n = 0; n < 7; n++) await world.client('bearer').register(`user ${n}`);
    const all = (await root.get('/api/admin/sessions')).body.sessions;
    const paged: unknown[] = [];
    let after = '';
    do {
      const { sessions, next } = (await root.get(`/api/admin/sessions?limit=2${after}`)).body;
      expect(sessions.length).toBeLessThanOrEqual(2);
      paged.push(...sessions);
      after = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
    } while (after !== '');
    expect(paged).toEqual(all);
    expect(all).toHaveLength(11);
  });

  it.each(['limit=0', 'limit=101', 'state=alive', 'after=nonsense', 'user=', 'order=asc'])(
    'are told what does not fit: %s',
    async (query) => {
      const { root } = await begin(mode);
      const answer = await root.get(`/api/admin/sessions?${query}`);
      expect(answer.status).toBe(422);
      expect(answer.body.fields[0]).toHaveProperty('field');
    },
  );

  it('read the log of any session, as its owner would', async () => {
    const { root, live } = await begin(mode);
    const theirs = (await root.get(`/api/admin/sessions/${live.id}/events`)).body;
    expect(theirs).toEqual((await live.get(`/api/auth/sessions/${live.id}/events`)).body);
    expect((await root.get('/api/admin/sessions/nobody/events')).status).toBe(404);
  });

  it('ASVS 7.4.5 end one session, whose log says by whom', async () => {
    const { world, root, live, lapsed } = await begin(mode);
    expect((await root.call('DELETE', `/api/admin/sessions/${live.id}`)).status).toBe(204);
    expect((await live.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await world.events(live.id)).find(({ type }) => type === 'session.revoked')).toMatchObject({
      data: { by: root.user?.id, reason: 'admin' },
    });
    expect((await root.call('DELETE', `/api/admin/sessions/${live.id}`)).status).toBe(204);
    expect((await root.call('DELETE', '/api/admin/sessions/nobody')).status).toBe(404);
    expect((await lapsed.get('/api/auth/me')).body).toMatchObject({ code: 'session_lapsed' });
  });

  it('ASVS 7.4.5 end all sessions of a user, and a sign-in under way gets nothing', async () => {
    const { world, root, live, lapsed } = await begin(mode);
    const user = live.user?.id ?? '';
    const prove = world.parts.accounts.confirmPassword.bind(world.parts.accounts);
    world.parts.accounts.confirmPassword = async (id, password) => {
      const proved = await prove(id, password);
      expect((await root.call('DELETE', `/api/admin/users/${user}/sessions`)).status).toBe(204);
      return proved;
    };
    expect((await world.client(mode).login()).body).toMatchObject({ code: 'invalid_credentials' });
    for (const each of [live, lapsed])
      expect((await each.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await root.call('DELETE', '/api/admin/users/nobody/sessions')).status).toBe(404);
    expect((await root.get('/api/auth/me')).status).toBe(200);
  });

  it('can end their own, and are told so', async () => {
    const { root } = await begin(mode);
    const answer = await root.call('DELETE', `/api/admin/users/${root.user?.id}/sessions`);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Session-Status')).toMatch(/^ended; reason=revoked/);
    expect((await root.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended' });
  });

  it('keep no session alive by looking', async () => {
    const { world, root } = await begin(mode);
    world.pass(minutes(5));
    await root.get('/api/admin/sessions', { 'Session-Activity': 'user' });
    expect((await world.events(root.id)).map(({ type }) => type)).not.toContain('activity.seen');
  });
});
