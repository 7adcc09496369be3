import { describe, expect, test, vi } from 'vitest';
import { bundleApplication, operatorKey, rowsOfUsers } from '../../support/workers/application.ts';
import { applications, cookieOf, type Application, type Asked } from '../../support/workers/clients.ts';
import { faulty } from '../../support/workers/contract.ts';

const made = applications();

const ownUsers = [
  { id: 'user-1', username: 'ada', password: 'pässwörter für Ada' },
  { id: 'user-2', username: 'bob', password: 'pässwörter für Bob', role: 'editor' },
];
const [ada, bob] = ownUsers.map(({ username, password }) => ({ username, password, transport: 'bearer' }));
const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];
const login = ({ ask }: Application, json: object = {}, more: Asked = {}) =>
  ask('api/auth/login', { json: { ...ada, ...json }, ...more });
const tokenOf = async (one: Application, json: object = {}): Promise<string> => {
  const answer = await login(one, json);
  expect(answer.status).toBe(200);
  return (await answer.json()).token;
};
const from = (address: string): Asked => ({ headers: { 'CF-Connecting-IP': address } });

describe('users of the application', () => {
  test('sign in by Curfew’s route, are known by every route, and have their sessions in the object of their id', async () => {
    const one = await made.fresh({ ownUsers });
    const answer = await login(one, bob);
    const { user, session, token } = await answer.json();
    expect([answer.status, user]).toEqual([200, { id: 'user-2', username: 'bob', role: 'editor' }]);
    const hello = await (await one.ask('api/hello', { token })).json();
    expect(hello).toEqual({ hello: 'user-2', name: 'bob' });
    const list = await (await one.ask('verbs/sessions', { json: { user: 'user-2' } })).json();
    expect(list.map(({ id }: { id: string }) => id)).toEqual([session.id]);
    const again = { password: bob?.password };
    expect((await one.ask('api/auth/reauthenticate', { token, json: { password: 'wrong one' } })).status).toBe(401);
    const { token: next } = await (await one.ask('api/auth/reauthenticate', { token, json: again })).json();
    expect((await one.ask('api/auth/me', { token: next })).status).toBe(200);
    // By the name, too.
    const ended = await one.ask('operator/sessions/end', {
      json: { name: 'bob' },
      headers: { Authorization: `Bearer ${operatorKey}` },
    });
    expect(await ended.json()).toEqual({ ended: 1 });
    expect(await codeOf(await one.ask('api/auth/me', { token: next }))).toEqual([401, 'session_ended']);
    const users = { json: { command: 'promote', name: 'bob' }, headers: { Authorization: `Bearer ${operatorKey}` } };
    expect((await one.ask('operator/users', users)).status).toBe(422);
  });

  test('have no tables but in their own object, however often a name or a password is guessed', async () => {
    const one = await made.fresh({ ownUsers });
    for (const username of ['eve', 'mallory', 'bob', 'ada'])
      expect(await codeOf(await login(one, { username, password: 'a wrong one' }))).toEqual([
        401,
        'invalid_credentials',
      ]);
    await tokenOf(one);
    await one.kill();
    expect(rowsOfUsers(one.folder, 'select count(*) as n from sessions')).toEqual([{ n: 1 }]);
  });

  test('are slowed down by name from the address that guesses, and from no other', async () => {
    const one = await made.fresh({ ownUsers });
    const guess = { password: 'a wrong one' };
    for (let n = 0; n < 5; n++) expect((await login(one, guess, from('192.0.2.1'))).status).toBe(401);
    expect(await codeOf(await login(one, guess, from('192.0.2.1')))).toEqual([429, 'too_many_attempts']);
    expect(await codeOf(await login(one, {}, from('192.0.2.1')))).toEqual([429, 'too_many_attempts']);
    expect((await login(one, {}, from('192.0.2.2'))).status).toBe(200);
    // A right one clears what was counted, and only there.
    for (let n = 0; n < 4; n++) expect((await login(one, guess, from('192.0.2.2'))).status).toBe(401);
    expect((await login(one, {}, from('192.0.2.2'))).status).toBe(200);
  });

  test('are slowed down by address, whatever names are tried', async () => {
    const one = await made.fresh({ ownUsers });
    for (let n = 0; n < 100; n++)
      expect((await login(one, { username: `user ${n}` }, from('192.0.2.1'))).status).toBe(401);
    expect((await login(one, { username: 'one more' }, from('192.0.2.1'))).status).toBe(429);
    expect((await login(one, {}, from('192.0.2.1'))).status).toBe(429);
    expect((await login(one, {}, from('192.0.2.2'))).status).toBe(200);
  });

  test('sign in where the browser has the cookie of another: that session has ended when it is answered', async () => {
    const one = await made.fresh({ ownUsers });
    const jar = cookieOf(await login(one, { transport: 'cookie' }));
    const second = await login(one, { ...bob, transport: 'cookie' }, { cookie: jar });
    expect([second.status, second.headers.getSetCookie()]).toEqual([200, [expect.stringMatching(/^__Host-curfew=/)]]);
    expect([second.headers.get('Cache-Control'), second.headers.get('Vary')]).toEqual(['no-store', '*']);
    const after = await (await one.ask('api/auth/me', { cookie: jar })).json();
    expect([after.code, after.reason]).toEqual(['session_ended', 'displaced']);
    expect((await one.ask('api/auth/me', { cookie: cookieOf(second) })).status).toBe(200);
  });

  test('sign in once, however often the request is repeated', async () => {
    const one = await made.fresh({ ownUsers });
    const key = { headers: { 'Idempotency-Key': crypto.randomUUID() } };
    const [first, second] = [await (await login(one, {}, key)).json(), await (await login(one, {}, key)).json()];
    expect(second.session.id).toBe(first.session.id);
    expect(await codeOf(await login(one, { remember: true }, key))).toEqual([422, 'idempotency_key_reused']);
  });

  test('sign in from a listed origin, by an answer that it may read', async () => {
    const Origin = 'https://app.example';
    const one = await made.fresh({ ownUsers, origins: [Origin] });
    const answer = await login(one, {}, { headers: { Origin, 'Sec-Fetch-Site': 'cross-site' } });
    const heads = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials', 'Cache-Control'];
    const there = await one.ask('api/auth/me', { token: (await answer.clone().json()).token, headers: { Origin } });
    const [here, elsewhere] = [answer, there].map(({ headers }) => heads.map((name) => headers.get(name)));
    expect([answer.status, here]).toEqual([200, elsewhere]);
    expect(here?.[0]).toBe(Origin);
  });

  test('of another site do not sign in, and a body that is none is refused where it comes to', async () => {
    const one = await made.fresh({ ownUsers });
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://elsewhere.example' };
    expect(await codeOf(await login(one, { transport: 'cookie' }, { headers }))).toEqual([403, 'cross_site']);
    expect((await login(one, { more: true })).status).toBe(422);
  });

  test('make accounts where the application lets them, and have a description without what there is not', async () => {
    const one = await made.fresh({ ownUsers, ownRegister: true });
    const eve = { username: 'eve', password: 'pässwörter für Eve', transport: 'bearer' };
    const answer = await one.ask('api/auth/register', { json: eve });
    const { user, session } = await answer.json();
    expect([answer.status, user.username]).toEqual([201, 'eve']);
    expect(await codeOf(await one.ask('api/auth/register', { json: eve }))).toEqual([409, 'username_taken']);
    const again = await (await login(one, eve)).json();
    expect([again.user.id, again.session.id === session.id]).toEqual([user.id, false]);
    const list = await (await one.ask('verbs/sessions', { json: { user: user.id } })).json();
    expect(list).toHaveLength(2);
    const { paths } = await (await one.ask('openapi.json')).json();
    expect([paths['/api/auth/register'] !== undefined, paths['/api/auth/password']]).toEqual([true, undefined]);
    const change = { password: eve.password, newPassword: 'another password of hers' };
    expect((await one.ask('api/auth/password', { token: again.token, json: change })).status).toBe(404);
  });
});

describe('a right password is no session where', () => {
  const file = 'server/workers/elsewhere.ts';
  const call = 'return reach(() => other.completeSignIn(request, { person, authEpoch }));';

  test('the sessions of the user were ended while it was looked at', async () => {
    const meanwhile = `await other.revoke({ user: id }, { reason: 'password reset' });\n      ${call}`;
    const one = await made.fresh({ ownUsers }, [faulty(file, { from: call, to: meanwhile })]);
    expect(await codeOf(await login(one))).toEqual([401, 'invalid_credentials']);
    await one.kill();
    expect(rowsOfUsers(one.folder, 'select id from sessions')).toEqual([]);
  });

  test('the object of the user is away: 503, and the next time it is', async () => {
    const away = faulty(file, { from: call, to: `return reach(() => Promise.reject(new Error('away')));` });
    const one = await made.fresh({ ownUsers }, [away]);
    const answer = await login(one);
    expect([answer.headers.getSetCookie(), ...(await codeOf(answer))]).toEqual([[], 503, 'unavailable']);
    await one.kill();
    expect(rowsOfUsers(one.folder, 'select id from sessions')).toEqual([]);
    await bundleApplication(one.folder);
    expect((await login(await made.start(one.folder, { ownUsers }))).status).toBe(200);
  });

  test('the table of the application does not answer', async () => {
    const one = await made.fresh({ ownUsers, ownFails: true });
    expect((await login(one)).status).toBeGreaterThanOrEqual(500);
    expect((await login(one, { username: 'nobody' })).status).toBeGreaterThanOrEqual(500);
  });
});

test('what would have to be written with a session is refused in one line', async () => {
  const one = await made.fresh({ ownUsers, ownReplaces: true });
  expect(await codeOf(await login(one))).toEqual([503, 'unavailable']);
  await vi.waitFor(() => expect(one.output()).toContain('passwords(…): replacePassword cannot be on Workers'), {
    timeout: 50_000,
  });
});
