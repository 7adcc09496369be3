import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { allBlocks } from '../support/blocks.ts';
import { installed, run } from '../support/packages/bench.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Loads every block, asks what it exports, and ends it. */
const script = `
const body = JSON.stringify({ username: 'ada', password: 'correct horse battery' });
const login = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
for (const name of process.argv.slice(2)) {
  const { curfew, app, operations, server } = await import('./' + name);
  const routes = curfew?.routes ?? app;
  const answers = [
    ...(routes ? [(await routes.request('/api/auth/login', login)).status] : []),
    ...(operations ? [(await operations.request('/readyz')).status] : []),
  ];
  if (server) await new Promise((closed) => server.close(closed));
  await curfew?.close();
  console.log([name, ...answers].join(' '));
}
process.exit(0);
`;

test('every block of docs/ for a server runs as it is, beside the packed package', async () => {
  const folder = await installed('hono-app', inject('tarball'));
  folders.push(folder);
  // What is for Workers runs there, and a test of a store where tests run: see workers.deep.test.ts and store.deep.test.ts.
  const blocks = allBlocks().filter(
    ({ name, code }) => name.endsWith('.ts') && !name.startsWith('readme') && !/'(curfew\/workers|vitest)'/.test(code),
  );
  for (const { name, code } of blocks) writeFileSync(join(folder, name), code);
  writeFileSync(join(folder, 'load.mjs'), script);
  const secret = 'a secret of the package test, 32 bytes and more';
  const names = blocks.map(({ name }) => name);
  const { status, output } = await run(
    'env',
    [`CURFEW_SECRET=${secret}`, 'OIDC_ISSUER=https://id.example.com', process.execPath, 'load.mjs', ...names],
    folder,
  );
  const printed = output.split('\n').filter((line) => /^[a-z-]+-\d+\.ts/.test(line));
  expect({ status, printed, output }).toEqual({
    status: 0,
    // Only one of them has users of its own, among them this one; without accounts there is no such route.
    printed: names.map((name) => {
      const code = blocks.find((block) => block.name === name)?.code ?? '';
      const routes = /export const (curfew|app) /.test(code)
        ? [code.includes('passwords({') ? 200 : code.includes('accounts: false') ? 404 : 401]
        : [];
      return [name, ...routes, ...(code.includes('export const operations') ? [200] : [])].join(' ');
    }),
    output: expect.any(String),
  });
});
