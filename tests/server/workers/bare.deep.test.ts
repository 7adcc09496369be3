import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folder } from '../../support/server/folder.ts';
import { operatorKey, secret } from '../../support/workers/application.ts';
import { bundle } from '../../support/workers/bundle.ts';
import { applications, cookieOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const bundled = mkdtempSync(join(tmpdir(), 'curfew-workerd-'));
beforeAll(() => bundle('tests/support/workers/inside/bare.ts', bundled));
afterAll(() => rmSync(bundled, { recursive: true, force: true }));

const objects = { CURFEW_USERS: 'CurfewUser', CURFEW_DIRECTORY: 'CurfewDirectory' };

/** With the bindings and the secret alone, and what is given, on objects of its own. */
function start(variables: Readonly<Record<string, string>> = {}) {
  const place = folder();
  cpSync(bundled, place, { recursive: true });
  return made.start(place, {}, { objects, variables: { CURFEW_SECRET: secret, ...variables } });
}

const ada = { username: 'ada', password: 'pässwörter für alle' };
const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];
const hello = async ({ ask }: Application, cookie: string) => (await ask('api/hello', { cookie })).json();

test('the classes as they are and their bindings are enough: nobody is signed in, and nobody can register', async () => {
  const { ask, output } = await start();
  for (const path of ['api/auth/me', 'api/hello'])
    expect(await codeOf(await ask(path))).toEqual([401, 'unauthenticated']);
  expect(await codeOf(await ask('api/auth/register', { json: ada }))).toEqual([404, 'not_found']);
  expect(await codeOf(await ask('api/auth/login', { json: ada }))).toEqual([401, 'invalid_credentials']);
  expect(await codeOf(await ask('operator/users'))).toEqual([404, 'not_found']);
  expect(output()).not.toContain('unavailable');
});

test('without options the application signs users in itself, and ends their sessions', async () => {
  const one = await start();
  const signedIn = await one.ask('sign-in', { json: { user: 'ada@example.org' } });
  expect([signedIn.status, await signedIn.json()]).toEqual([200, { isSignedIn: true }]);
  const cookie = cookieOf(signedIn);
  expect(await hello(one, cookie)).toEqual({ hello: 'ada@example.org' });
  const ended = await one.ask('end', { json: { user: 'ada@example.org' } });
  expect([ended.status, await ended.json()]).toEqual([200, { ended: 1 }]);
  expect(await codeOf(await one.ask('api/hello', { cookie }))).toEqual([401, 'session_ended']);
});

test('without options the operator adds users, who sign in with their password', async () => {
  const one = await start({ CURFEW_OPERATOR_KEY: operatorKey });
  const json = { command: 'add', name: ada.username, password: ada.password };
  const added = await one.ask('operator/users', { token: operatorKey, json });
  expect(added.status).toBe(200);
  const signedIn = await one.ask('api/auth/login', { json: ada });
  expect(signedIn.status).toBe(200);
  const cookie = cookieOf(signedIn);
  const me = await one.ask('api/auth/me', { cookie });
  expect([me.status, (await me.json()).user]).toEqual([200, expect.objectContaining({ username: 'ada' })]);
  expect(await hello(one, cookie)).toEqual({ hello: expect.any(String) });
});
