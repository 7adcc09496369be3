import { parseItem, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { expectNoTrace, kept, settled } from '../support/server/refusal.ts';
import { asking, pathOf, table } from '../support/server/rows.ts';
import { lapse } from '../support/server/world.ts';

const reading = table.filter(({ method }) => method === 'GET');
const background = { 'Session-Activity': 'background' };

/** Reads a path to its end, or what there is of a stream. */
async function read(
  { app, ada }: Pick<Awaited<ReturnType<typeof settled>>, 'app' | 'ada'>,
  method: string,
  path: string,
  headers: Record<string, string> = background,
): Promise<Response> {
  const response = await app.request(`http://localhost${path}`, { method, headers: { ...ada.headers, ...headers } });
  await response.body?.cancel();
  return response;
}

describe('reading', () => {
  it.each(['GET', 'HEAD'])(
    'ASVS 3.5.3 with %s changes nothing on any route, when no person is behind it',
    async (method) => {
      const world = await settled('cookie', { heard: true });
      await expectNoTrace(world, world.ada, async () => {
        for (const { path, name } of reading)
          expect((await read(world, method, pathOf(path, world.ada.id))).status, name).toBeLessThan(500);
      });
    },
  );

  it('ASVS 3.5.3 writes of a person nothing but that there was one, so that the above can fail', async () => {
    const world = await settled('cookie', { heard: true });
    const before = await kept(world, world.ada);
    for (const { path } of reading)
      await read(world, 'GET', pathOf(path, world.ada.id), { 'Session-Activity': 'user' });
    const after = await kept(world, world.ada);
    expect(after.events.slice(before.events.length).map(({ type }) => type)).toEqual(['activity.seen']);
    expect({ ...after, events: [], changes: 0 }).toEqual({ ...before, events: [], changes: 0 });
  });

  const queries = [
    '__proto__=1',
    '__proto__[polluted]=1',
    'constructor[prototype][polluted]=1',
    'constructor=1&toString=2&hasOwnProperty=3',
    '__proto__.polluted=1&__proto__=2',
  ];
  it.each(queries)('with the query %s pollutes nothing and breaks nothing', async (query) => {
    const world = await settled('cookie', { heard: true });
    await expectNoTrace(world, world.ada, async () => {
      for (const { path, name } of reading)
        expect((await read(world, 'GET', `${pathOf(path, world.ada.id)}?${query}`)).status, name).toBeLessThan(500);
    });
    expect('polluted' in {}).toBe(false);
    expect(world.lines.filter(({ msg }) => msg === 'failure')).toEqual([]);
  });

  it('ASVS 14.3.2 OWASP Session Management leaves nothing of anybody in a cache, refusals included', async () => {
    const world = await settled('cookie', { heard: true });
    const personal = asking.filter(({ method }) => method === 'GET');
    for (const { path, name } of personal)
      expect((await read(world, 'GET', pathOf(path, world.ada.id))).headers.get('Cache-Control'), name).toBe(
        'no-store',
      );
    world.pass(lapse);
    for (const { path, name } of personal)
      expect((await read(world, 'GET', pathOf(path, world.ada.id))).headers.get('Cache-Control'), name).toBe(
        'no-store',
      );
  });

  it('RFC 9651 tells the state in a field that programs for structured fields read, in every state', async () => {
    const world = await settled('cookie', { heard: true });
    const status = async () =>
      parseItem((await world.ada.get('/api/auth/session-info')).headers.get('Session-Status') ?? '');
    const told: unknown[] = [];
    for (const step of [0, 24 * 60_000, lapse, 25 * 3_600_000]) {
      world.pass(step);
      const [state, members] = await status();
      told.push(state);
      expect(members.get('version')).toEqual(expect.any(Number));
      if (members.has('expires-in')) expect(members.get('expires-in')).toBeGreaterThan(0);
    }
    expect(told).toEqual(['active', 'expiring', 'lapsed', 'ended'].map((state) => new Token(state)));
  });
});

describe('what was refused', () => {
  it('ASVS 16.3.2 16.3.3 is in the log with what was tried, where, why not, and by whose session where that is known', async () => {
    const world = await settled('cookie', { heard: true });
    const { ada, client, lines } = world;
    const bob = client('bearer');
    await bob.register('bob');
    const tries: readonly [() => Promise<unknown>, object][] = [
      [() => client().get('/api/settings'), { path: '/api/settings', status: 401, code: 'unauthenticated' }],
      [
        () => client('bearer').get('/api/drafts', { Authorization: 'Bearer x' }),
        { path: '/api/drafts', code: 'invalid_token' },
      ],
      [() => ada.get('/api/settings', { 'Session-Id': bob.id }), { status: 409, code: 'session_mismatch' }],
      [
        () => ada.post('/api/auth/refresh', {}, { 'Sec-Fetch-Site': 'cross-site' }),
        { status: 403, code: 'cross_site' },
      ],
      [() => ada.get(`/api/auth/sessions/${bob.id}/events`), { status: 404, session: ada.id, user: ada.user?.id }],
      [() => ada.call('DELETE', '/api/settings'), { method: 'DELETE', status: 405, code: 'method_not_allowed' }],
      [
        () => ada.call('PUT', '/api/settings', { theme: 'pink' }),
        { status: 422, code: 'invalid_input', session: ada.id },
      ],
    ];
    for (const [attempt, line] of tries) {
      const before = lines.length;
      await attempt();
      expect(lines.slice(before)).toContainEqual(expect.objectContaining({ msg: 'request', ...line }));
    }
    world.pass(11 * 60_000);
    await ada.call('DELETE', '/api/auth/sessions');
    expect(lines.at(-1)).toMatchObject({
      msg: 'request',
      status: 403,
      code: 'reauthentication_required',
      session: ada.id,
    });
  });
});
