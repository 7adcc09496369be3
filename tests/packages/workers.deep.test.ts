import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { bin, installed, run } from '../support/packages/bench.ts';
import { bundle } from '../support/workers/bundle.ts';
import { serve, type Running } from '../support/workers/workerd.ts';

let folder: string;
let worker: Running;

beforeAll(async () => {
  folder = await installed('workers', inject('tarball'));
  const page = readFileSync('docs/runtimes.md', 'utf8');
  const [example, ...others] = blocksOf(page).filter(({ code }) => code.includes('curfew/workers'));
  const [, configuration = ''] = /```jsonc\n(.*?)```/s.exec(page) ?? [];
  writeFileSync(join(folder, 'wrangler.jsonc'), configuration);
  writeFileSync(join(folder, 'worker.ts'), example?.code ?? '');
  for (const { name, code } of others) writeFileSync(join(folder, name), code);
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

test('the examples have the types of the platform, and the first is what `wrangler deploy --dry-run` takes', async () => {
  expect(await run(bin('tsc'), ['-p', folder])).toEqual({ status: 0, output: '' });
  const program = join(folder, 'node_modules', '.bin', 'wrangler');
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' };
  const { status, output } = await run(program, ['deploy', '--dry-run', '--outdir', 'out'], folder, env);
  expect(status, output).toBe(0);
  expect(output).toContain('env.CURFEW_USERS (User)');
  expect(output).not.toMatch(/warning/i);
});
