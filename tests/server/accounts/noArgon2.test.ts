import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { folder } from '../../support/server/folder.ts';

/** Takes argon2 away from the runtime before anything of the application is loaded. */
const without = `
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
delete crypto.argon2;
syncBuiltinESMExports();
`;

/** Says how each application starts, and whether people can register and sign in. */
const application = `
import crypto from 'node:crypto';
import { createCurfew, passwords } from './server/index.ts';
import { memory } from './server/memory/index.ts';

const secret = 'a secret of at least thirty-two bytes';
const cost = { memory: 64, passes: 1, parallelism: 1 };
const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
const body = (password) => JSON.stringify({ username: 'ada', password });

async function tried(accounts) {
  try {
    const curfew = await createCurfew({ store: memory(), secret, write: () => {}, ...(accounts && { accounts }) });
    const post = async (path, password) =>
      (await curfew.routes.request('/api/auth/' + path, { method: 'POST', headers, body: body(password) })).status;
    const good = 'pässwörter für alle';
    const answers = [await post('register', good), await post('login', good), await post('login', good + '!')];
    await curfew.close();
    return answers;
  } catch (error) {
    return String(error);
  }
}

const own = passwords({ find: async () => null, byId: async () => null, verify: async () => false });
console.log(JSON.stringify({
  argon2: typeof crypto.argon2,
  standard: await tried(),
  registering: await tried(passwords({ register: true, cost })),
  own: await tried(own),
}));
`;

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** An application on the sources, which has installed what they need, and more. */
function installed(...more: readonly string[]): string {
  const place = folder();
  for (const name of ['machines', 'server', 'package.json']) cpSync(name, join(place, name), { recursive: true });
  for (const name of [...Object.keys(dependencies), 'hono', ...more]) {
    const link = join(place, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  writeFileSync(join(place, 'without.mjs'), without);
  writeFileSync(join(place, 'application.mjs'), application);
  return place;
}

async function run(place: string): Promise<unknown> {
  // Nothing is found but what is installed there.
  const env = { PATH: process.env['PATH'], HOME: place };
  const args = ['--import', './without.mjs', 'application.mjs'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: place, env });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const line = 'Error: this runtime has no argon2: install the package hash-wasm for it, or bring accounts of your own';

test('where the runtime has no argon2 and hash-wasm is not installed, one line says what to do; users of your own need neither', async () => {
  expect(await run(installed())).toEqual({
    argon2: 'undefined',
    standard: line,
    registering: line,
    own: [404, 401, 401],
  });
});

test('where hash-wasm is installed, that line has said the truth: people register and sign in by it', async () => {
  expect(await run(installed('hash-wasm'))).toEqual({
    argon2: 'undefined',
    standard: [404, 401, 401],
    registering: [201, 200, 401],
    own: [404, 401, 401],
  });
});
