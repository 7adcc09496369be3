import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { createCurfew, passwords, type Curfew, type CurfewOptions, type SessionEnv } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { secret } from '../../support/server/world.ts';

const running: Curfew[] = [];
afterEach(() => Promise.all(running.splice(0).map((curfew) => curfew.close())));

const row = { id: 'u1', username: 'ada', role: 'clerk', password_hash: '$2b$hash', totp_secret: 'JBSWY3DP' };

/** An application with a table of its own, in which roles may change. */
async function begin(more: Partial<CurfewOptions> = {}) {
  const asked: (string | null)[] = [];
  let role = row.role;
  const present = () => ({ ...row, role });
  const accounts = passwords({
    find: async (username) => (username === row.username ? present() : null),
    byId: async (id) => (id === row.id ? present() : null),
    async verify(id, password) {
      asked.push(id);
      return id === row.id && password === 'right';
    },
  });
  const lines: object[] = [];
  const curfew = await createCurfew({ store: memory(), secret, accounts, write: (line) => lines.push(line), ...more });
  running.push(curfew);
  const app = new Hono<SessionEnv>();
  app.use('/api/*', curfew.protect());
  app.route('/', curfew.routes);
  const login = async (username: string, password: string) => {
    const answer = await app.request('/api/auth/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password, transport: 'bearer' }),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) };
  };
  const get = async (path: string, token: string) => {
    const answer = await app.request(path, { headers: { Authorization: `Bearer ${token}` } });
    return { status: answer.status, text: await answer.text() };
  };
  return { asked, login, get, lines, setRole: (next: string) => (role = next) };
}

/** What comes of a sign-in at accounts that answer as a program without types would. */
async function answeredBy(given: object) {
  const lines: object[] = [];
  const find = async () => row;
  const accounts = passwords({ find, byId: find, verify: async () => true, ...given });
  const curfew = await createCurfew({ store: memory(), secret, accounts, write: (line) => lines.push(line) });
  running.push(curfew);
  const answer = await curfew.fetch(
    new Request('http://localhost/api/auth/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: 'any', transport: 'bearer' }),
    }),
  );
  const failure = JSON.stringify(lines.find((line) => 'error' in line) ?? {});
  return { status: answer.status, failure };
}

describe('users of an application’s own', () => {
  it.each([{ ok: false }, 'no', 1, Promise])('are signed in by true alone, and not by %o of verify', async (value) => {
    expect(await answeredBy({ verify: async () => value })).toEqual({
      status: 500,
      failure: expect.stringContaining('"TypeError: passwords(…): verify must return true or false'),
    });
  });

  it.each([false, null, undefined, 0])('are not signed in where verify returns %o', async (value) => {
    expect(await answeredBy({ verify: async () => value })).toEqual({ status: 401, failure: '{}' });
  });

  it.each([
    ['id', { ...row, id: 7 }],
    ['id', { ...row, id: '' }],
    ['id', { username: 'ada' }],
    ['username', { id: 'u1', name: 'ada' }],
    ['role', { ...row, role: 3 }],
  ])('are refused in one line that names the %s, where that is of no kind it can be: %o', async (member, person) => {
    const { status, failure } = await answeredBy({ find: async () => person });
    expect(status).toBe(500);
    expect(failure).toContain(
      `"TypeError: passwords(…): the ${member} of the user that find returns must be a text\\n`,
    );
  });

  it('ASVS 6.3.8 verify is asked with null for an unknown name, so that it can take as long', async () => {
    const { asked, login } = await begin();
    expect((await login('nobody', 'right')).status).toBe(401);
    expect((await login('ada', 'wrong')).status).toBe(401);
    expect(asked).toEqual([null, 'u1']);
  });

  it('only id, name and role leave the server, whatever find and byId return', async () => {
    const { login, get } = await begin();
    const { body, text } = await login('ada', 'right');
    const { text: me } = await get('/api/auth/me', body.token);
    expect(body.user).toEqual({ id: 'u1', username: 'ada', role: 'clerk' });
    expect(JSON.parse(me)).toEqual({ user: { id: 'u1', username: 'ada', role: 'clerk' } });
    for (const hidden of ['password_hash', '$2b$hash', 'totp_secret', 'JBSWY3DP'])
      expect(text + me).not.toContain(hidden);
  });

  it('ASVS 8.3.1 the role is read whenever it counts', async () => {
    const { login, get, setRole } = await begin();
    const { token } = (await login('ada', 'right')).body;
    const search = async () => (await get('/api/admin/sessions', token)).status;
    expect(await search()).toBe(403);
    setRole('administrator');
    expect(await search()).toBe(200);
    setRole('clerk');
    expect(await search()).toBe(403);
  });

  it('ASVS 8.3.1 the option role says it in the place of the accounts', async () => {
    const roles = new Map<string, unknown>();
    const { login, get, lines } = await begin({ role: async (id) => roles.get(id) as string });
    const { token } = (await login('ada', 'right')).body;
    const search = async () => (await get('/api/admin/sessions', token)).status;
    expect(await search()).toBe(403);
    roles.set('u1', 'administrator');
    expect(await search()).toBe(200);
    roles.set('u1', null);
    expect(await search()).toBe(403);
    roles.set('u1', 42);
    expect(await search()).toBe(500);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'failure', level: 'error' }));
  });
});
