import { spawn } from 'node:child_process';
import { globSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join, posix } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { launchOptions } from '../support/browser/chromium.ts';
import { allBlocks, readmeBlock } from '../support/blocks.ts';
import { relativeLinksOf } from '../support/links.ts';
import { freePort } from '../support/freePort.ts';
import { bin, installed, run } from '../support/packages/bench.ts';

const well = (output = '') => ({ status: 0, output: expect.stringContaining(output) });

const tarball = inject('tarball');
const folders: string[] = [];

async function sample(name: string): Promise<string> {
  const folder = await installed(name, tarball);
  folders.push(folder);
  return folder;
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const documents = ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...globSync('docs/*.md')];

test('the tarball holds the compiled rooms and the papers, no source, no test, no page of the application', async () => {
  const { output } = await run('tar', ['-tzf', tarball]);
  const names = output.trim().split('\n');
  const papers = ['package.json', 'LICENSE', ...documents].map((name) => `package/${name}`);
  expect(names).toEqual(expect.arrayContaining([...papers, 'package/dist/web/styles/curfew.css']));
  const rest = names.filter((name) => !papers.includes(name));
  expect(rest.filter((name) => !/^package\/dist\/(machines|server|web)\/.*(\.js|\.d\.ts|\.css)$/.test(name))).toEqual(
    [],
  );
  expect(rest.filter((name) => /^package\/dist\/(server|web)\/app\//.test(name))).toEqual([]);
});

test('the papers link to one another; what is in the repository only is named so in their index', async () => {
  const elsewhere = documents
    .flatMap((page) => relativeLinksOf(readFileSync(page, 'utf8')).map((link) => posix.join(posix.dirname(page), link)))
    .map((target) => target.replace(/#.*$/, ''))
    .filter((target) => target.endsWith('.md') && !documents.includes(target));
  const index = readFileSync('docs/README.md', 'utf8');
  for (const target of elsewhere) expect(index).toContain(`\`${target.split('/')[0]}/\``);
  expect(new Set(elsewhere.map((target) => target.split('/')[0]))).toEqual(new Set(['machines', 'tests']));
});

test('publint has nothing to say', async () => {
  expect(await run(bin('publint'), ['run', '--strict', tarball])).toEqual(well('All good!'));
});

test('the types of every door are right (attw)', async () => {
  const args = [tarball, '--profile', 'esm-only', '--no-emoji', '--exclude-entrypoints', './curfew.css'];
  expect(await run(bin('attw'), args)).toEqual(well('"curfew/react"'));
});

test.concurrent(
  'a bare Hono application runs what the README says: 401 for nobody, a session for whoever registers',
  async () => {
    const folder = await sample('hono-app');
    writeFileSync(join(folder, 'main.ts'), readmeBlock('curfew.protect()'));
    expect(await run(bin('tsc'), ['-p', folder])).toEqual(well());

    const port = await freePort();
    const env = {
      ...process.env,
      PORT: String(port),
      CURFEW_SECRET: 'a secret of the package test, 32 bytes and more',
      CURFEW_DATABASE: 'file:./curfew.db',
      // The command runs on the same Node as the application.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
    };
    const child = spawn(process.execPath, ['main.ts'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (data) => (complaint += String(data)));
    const closed = new Promise((settle) => child.once('close', settle));
    const url = `http://127.0.0.1:${port}`;
    try {
      const listening = vi.waitFor(() => fetch(`${url}/api/hello`), { timeout: 30_000 });
      const nobody = await Promise.race([
        listening,
        closed.then(() => {
          throw new Error(`The application ended:\n${complaint}`);
        }),
      ]);
      expect(nobody.status).toBe(401);
      expect(nobody.headers.get('content-type')).toContain('application/problem+json');

      const registered = await fetch(`${url}/api/auth/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'ada', password: 'correct horse battery', transport: 'bearer' }),
      });
      expect(registered.status).toBe(201);
      const { token, user } = (await registered.json()) as { token: string; user: { id: string } };
      const hello = await fetch(`${url}/api/hello`, { headers: { Authorization: `Bearer ${token}` } });
      expect(hello.status).toBe(200);
      expect(hello.headers.get('session-status')).not.toBeNull();
      expect(await hello.json()).toEqual({ hello: user.id, until: expect.any(Number) });

      const command = (...args: string[]) => run(join(folder, 'node_modules/.bin/curfew'), args, folder, env);
      expect(await command('users', 'list')).toEqual(well('ada'));
      expect(await command('audit', 'verify')).toEqual(well());
      const refused = 'there is no command nonsense: audit, users, sessions, backup, doctor';
      expect(await command('nonsense')).toMatchObject({ status: 2, output: expect.stringContaining(refused) });
    } finally {
      child.kill('SIGKILL');
      await closed;
    }
  },
);

test.concurrent('an application whose Hono comes in by `require` is served as any other', async () => {
  const folder = await sample('commonjs-app');
  const { status, output } = await run(process.execPath, ['main.cjs'], folder);
  expect({ status, lines: output.trim().split('\n') }).toEqual({
    status: 0,
    lines: [
      'GET /api/hello 401 unauthenticated ',
      'GET /api/auth/session-info 401 unauthenticated ',
      'POST /api/auth/register 400 malformed_json ',
      'POST /api/auth/register 201  active',
      'GET /api/hello 200  active',
      'GET /api/broken 500  active',
      'GET /api/nowhere 404  active',
      'PUT /api/drafts/letter 201  active',
      'POST /api/auth/logout 204  ended',
      'GET /api/hello 401 session_ended ended',
    ],
  });
});

/** A page that shows every component of the blocks, each without more than its provider. */
const showAll = (names: readonly string[]) => `
import { createElement, type ComponentType, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { CurfewProvider } from 'curfew/react';
${names.map((name, index) => `import * as block${index} from './${name}';`).join('\n')}
const blocks: readonly object[] = [${names.map((_, index) => `block${index}`).join(', ')}];
const isComponent = (entry: [string, unknown]): entry is [string, ComponentType<object>] => /^[A-Z]/.test(entry[0]);
const all: ReactNode[] = blocks.flatMap((block) => Object.entries(block).filter(isComponent)).map(([name, shown]) =>
  createElement('section', { key: name, 'aria-label': name }, createElement(shown)),
);
createRoot(document.body.appendChild(document.createElement('main'))).render(createElement(CurfewProvider, null, all));
`;

test.concurrent('a bare Vite application builds what the README and docs/ say and shows it in Chromium', async () => {
  const folder = await sample('vite-app');
  const blocks = allBlocks().filter(({ name }) => name.endsWith('.tsx') && !name.startsWith('readme'));
  for (const { name, code } of blocks) writeFileSync(join(folder, name), code);
  writeFileSync(join(folder, 'readme.tsx'), readmeBlock('CurfewProvider'));
  // Where a sign-in ends is a page of its own, and leaves it as it loads.
  const shown = blocks.filter(({ code }) => !/^const .* = await finishSignIn\(/m.test(code));
  expect(blocks.length - shown.length).toBe(1);
  writeFileSync(join(folder, 'recipes.tsx'), showAll(shown.map(({ name }) => name.replace('.tsx', ''))));
  writeFileSync(join(folder, 'main.tsx'), "import './readme';\nimport './recipes';\n");
  expect(await run(bin('tsc'), ['-p', folder])).toEqual(well());
  expect(await run(join(folder, 'node_modules/.bin/vite'), ['build'], folder)).toEqual(well('built in'));
  const assets = readdirSync(join(folder, 'dist/assets'));
  for (const kind of [/\.css$/, /\.js$/]) expect(assets).toContainEqual(expect.stringMatching(kind));

  const types: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
  const server = createServer((request, response) => {
    const isApi = request.url?.startsWith('/api/') ?? false;
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    const type = types[path.split('.').at(-1) ?? ''] ?? 'text/plain';
    response.writeHead(isApi ? 401 : 200, { 'Content-Type': isApi ? 'application/problem+json' : type });
    response.end(isApi ? '{"code":"unauthenticated","status":401}' : readFileSync(join(folder, 'dist', path)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByRole('button', { name: 'Create account' }).waitFor();
    await page.getByRole('region', { name: 'EndOtherSessions' }).waitFor();
    expect(await page.getByRole('region').count()).toBeGreaterThanOrEqual(
      shown.filter(({ code }) => /^export (const|function) [A-Z]/m.test(code)).length,
    );
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
});
