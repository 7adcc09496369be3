import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let users: Recipe;
beforeAll(async () => void (users = await recipe('bcrypt-users')));
afterAll(cleanUp);

const ada = { username: 'ada@example.com', password: 'correct horse battery' };
const charles = { username: 'charles@example.com', password: 'analytical engine' };

test('users of an own table with bcrypt sign in, lapse, and go on in the same session with their password', async () => {
  const { url } = await users.start('server.ts', { IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  const signedIn = await visitor.post('/api/auth/login', ada);
  expect({ status: signedIn.status, user: signedIn.body.user }).toEqual({
    status: 200,
    user: { id: '1', username: 'ada@example.com', role: 'administrator' },
  });
  expect((await visitor.get('/api/hello')).body).toEqual({ hello: '1' });

  await visitor.until('lapsed');
  const refused = await visitor.get('/api/hello');
  expect({ status: refused.status, ...refused.body }).toMatchObject({ status: 401, code: 'session_lapsed' });
  const wrong = await visitor.post('/api/auth/reauthenticate', { password: charles.password });
  expect(wrong.status).toBe(401);
  const again = await visitor.post('/api/auth/reauthenticate', { password: ada.password });
  expect(again.body.session).toMatchObject({ id: signedIn.body.session.id, state: 'active' });
  expect((await visitor.get('/api/hello')).status).toBe(200);
});

test('nothing of a row but id, name and role leaves the server, and roles are those of the table', async () => {
  const { url, out } = await users.start('server.ts');
  const [administrator, other] = [new Visitor(url), new Visitor(url)];
  const answers = [
    await administrator.post('/api/auth/login', ada),
    await administrator.get('/api/auth/me'),
    await other.post('/api/auth/login', charles),
    await other.get('/api/auth/me'),
    await administrator.get('/api/admin/sessions'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(answers[3]?.body.user).toEqual({ id: '2', username: 'charles@example.com' });
  for (const { text } of answers) expect(text).not.toMatch(/\$2[aby]\$|JBSWY3DPEHPK3PXP|hash|totp/);
  expect(out()).not.toMatch(/\$2[aby]\$|JBSWY3DPEHPK3PXP/);
  expect((await other.get('/api/admin/sessions')).status).toBe(403);
});

test('a wrong password and an unknown name are answered alike, and 72 bytes of bcrypt are no password of 80', async () => {
  const { url } = await users.start('server.ts');
  const visitor = new Visitor(url);
  const bodyOf = async (username: string, password: string) => {
    const { status, body } = await visitor.post('/api/auth/login', { username, password });
    return { status, code: body.code, title: body.title };
  };
  const wrong = await bodyOf(ada.username, 'incorrect horse battery');
  expect(wrong).toMatchObject({ status: 401, code: 'invalid_credentials' });
  expect(await bodyOf('nobody@example.com', 'incorrect horse battery')).toEqual(wrong);
  expect(await bodyOf(ada.username, ada.password.padEnd(80, '!'))).toEqual(wrong);
});

test('what the application does not offer answers 404: accounts are made and passwords changed elsewhere', async () => {
  const { url } = await users.start('server.ts');
  const visitor = new Visitor(url);
  expect((await visitor.post('/api/auth/register', { username: 'eve', password: 'as long as it takes' })).status).toBe(
    404,
  );
  await visitor.post('/api/auth/login', charles);
  const change = { password: charles.password, newPassword: 'difference engine' };
  expect((await visitor.post('/api/auth/password', change)).status).toBe(404);
  expect((await visitor.send('DELETE', '/api/auth/me', { json: { password: charles.password } })).status).toBe(404);
});

test('a password that is reset by e-mail ends what the old one has opened, and the new one signs in', async () => {
  const server = await users.start('server.ts', { USERS: 'reset.db' });
  const [visitor, stranger] = [new Visitor(server.url), new Visitor(server.url)];
  await visitor.post('/api/auth/login', charles);
  expect((await stranger.post('/forgotten', { email: charles.username })).status).toBe(202);
  const [, token] = /^reset \S+ (\S+)/.exec(await server.line(/^reset /)) ?? [];
  const reset = { token, password: 'difference engine' };
  expect((await stranger.post('/reset', reset)).status).toBe(204);
  expect((await visitor.get('/api/hello')).body).toMatchObject({ status: 401, code: 'session_ended' });
  expect((await stranger.post('/reset', reset)).status).toBe(404);
  expect((await visitor.post('/api/auth/login', charles)).status).toBe(401);
  expect((await visitor.post('/api/auth/login', { ...charles, password: reset.password })).status).toBe(200);
});
