import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { operatorKey, rowsOfUsers, secret } from '../../support/workers/application.ts';
import { bundle } from '../../support/workers/bundle.ts';
import { faulty } from '../../support/workers/contract.ts';
import { serve, type Running } from '../../support/workers/workerd.ts';

const password = 'correct horse battery';
const objects = { CURFEW_USERS: 'User', CURFEW_DIRECTORY: 'CurfewDirectory' };
let folder: string;
const running: Running[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'curfew-workerd-'));
  const plugins = [
    faulty('server/workers/protect.ts', { from: `c.set('session',`, to: `console.log('let in'), c.set('session',` }),
  ];
  await bundle('server/app/worker.ts', folder, { plugins });
});
afterEach(async () => void (await Promise.all(running.splice(0).map(({ kill }) => kill()))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Asked {
  readonly json?: object;
  readonly token?: string | undefined;
  readonly method?: string | undefined;
  readonly cookie?: string;
}

/** Asks for a path as it is written: no dots or slashes are taken out before. */
const asks =
  ({ port }: Running) =>
  (path: string, { json, token, method, cookie }: Asked = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((answered, failed) => {
      const headers = {
        ...(json && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { Cookie: cookie }),
      };
      const asked = request({ host: '127.0.0.1', port, path, method: method ?? (json ? 'POST' : 'GET'), headers });
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => answered({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      asked.on('error', failed);
      asked.end(json && JSON.stringify(json));
    });

/** Begins a request whose body does not come yet. */
function begin(
  port: number,
  { method, path, token, json }: { method: string; path: string; token: string; json: object },
) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  const asked = request({ host: '127.0.0.1', port, path, method, headers });
  const status = new Promise<number>((answered, failed) => {
    asked.on('response', (response) => (response.resume(), answered(response.statusCode ?? 0)));
    asked.on('error', failed);
  });
  asked.write(' ');
  return { finish: () => (asked.end(JSON.stringify(json)), status) };
}

async function started(variables: Record<string, string> = {}) {
  rmSync(join(folder, 'objects'), { recursive: true, force: true });
  const one = await serve({ folder, objects, variables: { CURFEW_SECRET: secret, ...variables } });
  running.push(one);
  const ask = asks(one);
  const signedIn = async (username: string, path = 'register') => {
    const answer = await ask(`/api/auth/${path}`, { json: { username, password, transport: 'bearer' } });
    const { token, user } = JSON.parse(answer.text);
    return { token: String(token), user: String(user.id) };
  };
  return { ...one, ask, signedIn };
}

test.each([
  ['no key is set', {}, 404],
  ['the key is another', { CURFEW_OPERATOR_KEY: operatorKey }, 401],
])('the routes of the operator tell nothing where %s', async (_, variables, status) => {
  const { ask } = await started(variables);
  const names = [
    'users',
    'sessions/end',
    'sessions/end-since',
    'sessions/apply-policy',
    'checkpoint',
    'audit',
    'metrics',
  ];
  const paths = ['/operator', '/operator/', ...names.map((name) => `/operator/${name}`), '/%6fperator/users'];
  for (const path of paths)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(path, { method, token: `${operatorKey}.` });
      expect.soft([path, method, answer.status, answer.headers['allow']]).toEqual([path, method, status, undefined]);
    }
});

test('nobody reaches the operator, or another user, by another spelling of a path', async () => {
  const { ask, signedIn, output } = await started({ CURFEW_OPERATOR_KEY: operatorKey });
  const [ada, eve] = [await signedIn('ada'), await signedIn('eve')];
  const made = await ask('/api/conversations', { token: ada.token, json: { title: 'Letters' } });
  const { id } = JSON.parse(made.text).conversation;
  const there = [`conversations/${id}`, `conversations/${id}/messages`];
  const before = [
    '/api/',
    '/%61pi/',
    '/api/./',
    '/api/x/../',
    '/api/%2e/',
    '/api/x/%2e%2e/',
    '//api/',
    '/api//',
    '/API/',
  ];
  for (const token of [eve.token, undefined])
    for (const path of before.flatMap((start) => there.flatMap((last) => [`${start}${last}`, `${start}${last}/`])))
      for (const method of ['GET', 'PATCH', 'DELETE', 'POST']) {
        const json = { PATCH: { title: 'hers' }, POST: { body: 'hers' } }[method];
        const answer = await ask(path, { token, method, ...(json && { json }) });
        expect
          .soft([path, method, answer.status >= 400, answer.text.includes('Letters')])
          .toEqual([path, method, true, false]);
      }
  for (const path of [
    '//operator/users',
    '/operator//users',
    '/Operator/users',
    '/x/../operator/users',
    '/operator/users.',
  ])
    expect.soft([path, (await ask(path, { token: eve.token })).status >= 400]).toEqual([path, true]);
  const own = await ask(`/api/conversations/${id}`, { token: ada.token });
  expect([own.status, JSON.parse(own.text).messages]).toEqual([200, []]);
  expect(output()).not.toContain('Letters');
});

test('a passkey is of whom its handle says, and a handle of nobody makes nothing', async () => {
  const { ask, signedIn, kill, output } = await started();
  const { user } = await signedIn('ada');
  const place = Buffer.from(user.slice(0, 43));
  const last = user[42] ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const alike = `${user.slice(0, 42)}${alphabet[alphabet.indexOf(last) ^ 1]}`;
  const handles = [
    place,
    Buffer.from(user),
    Buffer.from(alike),
    Buffer.alloc(43, 'A'),
    Buffer.alloc(64, 255),
    Buffer.from('x'),
  ];
  for (const handle of handles) {
    const begun = await ask('/api/sign-in/passkey/options', { json: {} });
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
    const { challenge } = JSON.parse(begun.text).options;
    const client = JSON.stringify({ type: 'webauthn.get', challenge, origin: 'http://127.0.0.1' });
    const response = {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: {
        clientDataJSON: Buffer.from(client).toString('base64url'),
        authenticatorData: Buffer.alloc(37).toString('base64url'),
        signature: 'AAAA',
        userHandle: handle.toString('base64url'),
      },
    };
    const answer = await ask('/api/sign-in/passkey', { json: { response }, cookie });
    expect.soft([answer.status, JSON.parse(answer.text).code]).toEqual([401, 'invalid_credentials']);
  }
  await vi.waitFor(() => expect(output().split('no such passkey')).toHaveLength(handles.length + 1));
  await kill();
  expect(rowsOfUsers(folder, 'select count(*) as n from users')).toEqual([{ n: 1 }]);
});

test('what is written once the user is deleted is kept nowhere', async () => {
  const { ask, signedIn, kill } = await started();
  const { token } = await signedIn('zoe');
  const made = await ask('/api/conversations', { token, json: { title: 'Letters' } });
  const { id } = JSON.parse(made.text).conversation;
  const settings = JSON.parse((await ask('/api/settings', { token })).text).settings;
  const writes = () => [
    ask('/api/conversations', { token, json: { title: 'more' } }),
    ask(`/api/conversations/${id}/messages`, { token, json: { body: 'more' } }),
    ask('/api/settings', { token, method: 'PUT', json: { ...settings, theme: 'dark' } }),
    ask('/api/drafts/one', { token, method: 'PUT', json: { ciphertext: 'AAAA' } }),
  ];
  const asked = [...writes(), ...writes(), ask('/api/account', { token, method: 'DELETE' }), ...writes(), ...writes()];
  const answers = await Promise.all(asked);
  expect(answers[8]?.status).toBe(204);
  for (const answer of await Promise.all(writes())) expect(answer.status).toBe(401);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  await kill();
  for (const table of [`conversations where title = 'more'`, `messages where body = 'more'`, `settings`, `drafts`])
    expect.soft([table, rowsOfUsers(folder, `select 1 from ${table}`)]).toEqual([table, []]);
});

test('a request whose body comes once the session has ended, or the user is gone, does nothing', async () => {
  for (const [method, path] of [
    ['POST', '/api/auth/logout'],
    ['DELETE', '/api/account'],
  ] as const) {
    const { ask, signedIn, kill, port, output } = await started();
    const { token } = await signedIn('zoe');
    const made = JSON.parse((await ask('/api/conversations', { token, json: { title: 'Letters' } })).text);
    const settings = JSON.parse((await ask('/api/settings', { token })).text).settings;
    const late = [
      ['POST', '/api/conversations', { title: 'late' }],
      ['POST', `/api/conversations/${made.conversation.id}/messages`, { body: 'late' }],
      ['PATCH', `/api/conversations/${made.conversation.id}`, { title: 'late' }],
      ['PUT', '/api/settings', { ...settings, theme: 'dark' }],
    ] as const;
    const requests = late.map(([how, where, json]) => begin(port, { method: how, path: where, token, json }));
    const letIn = () => output().split('let in').length - 1;
    await vi.waitFor(() => expect(letIn()).toBe(2 + late.length));
    expect((await ask(path, { token, method, json: {} })).status).toBe(204);
    expect(await Promise.all(requests.map(({ finish }) => finish()))).toEqual(late.map(() => 401));
    await kill();
    for (const table of [`conversations where title = 'late'`, 'messages', 'settings'])
      expect.soft([table, rowsOfUsers(folder, `select 1 from ${table}`)]).toEqual([table, []]);
  }
});
