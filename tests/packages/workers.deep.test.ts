import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { installed } from '../support/packages/bench.ts';
import { bundle } from '../support/workers/bundle.ts';
import { serve, type Running } from '../support/workers/workerd.ts';

let folder: string;
let worker: Running;

beforeAll(async () => {
  folder = await installed('workers', inject('tarball'));
  const example = blocksOf(readFileSync('docs/runtimes.md', 'utf8')).find(({ code }) =>
    code.includes('curfew/workers'),
  );
  writeFileSync(join(folder, 'worker.ts'), example?.code ?? '');
  await bundle(join(folder, 'worker.ts'), join(folder, 'bundled'));
  worker = await serve({
    folder: join(folder, 'bundled'),
    objects: { CURFEW_USERS: 'User', CURFEW_DIRECTORY: 'CurfewDirectory' },
    variables: { CURFEW_SECRET: 'a secret of more than 32 characters, for a test' },
  });
});
afterAll(async () => {
  await worker?.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('the example of the documents serves an application under workerd', async () => {
  const ask = (path: string, json?: object, token?: string) =>
    fetch(`${worker.url}/api/${path}`, {
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      ...(json && { method: 'POST', body: JSON.stringify(json) }),
    });
  const ada = { username: 'ada', password: 'pässwörter für Ada', transport: 'bearer' };
  const registered = await ask('auth/register', ada);
  expect(registered.status, worker.output()).toBe(201);
  expect((await ask('auth/login', { ...ada, password: 'pässwörter für Adb' })).status).toBe(401);
  const { token, user } = await (await ask('auth/login', ada)).json();
  const hello = await ask('hello', undefined, token);
  expect([hello.status, await hello.json()]).toEqual([200, { hello: user.id }]);
  expect(hello.headers.get('Session-Status')).toContain('active');
  expect((await ask('hello')).status).toBe(401);
  expect((await ask('auth/logout', {}, token)).status).toBe(204);
  expect((await ask('hello', undefined, token)).status).toBe(401);
});
