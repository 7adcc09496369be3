import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let clone: string;
const children = new Set<ChildProcess>();

/** What a package manager and a bundler leave behind, without what they cost; each says that it ran. */
const tools = {
  npm: `#!/bin/sh
echo npm >> ran
[ -e hang ] && { echo $$ > hanging; exec sleep 600; }
mkdir -p node_modules/.bin
ln -sf "${process.execPath}" node_modules/.bin/node
ln -sf "$PWD/tools/vite" node_modules/.bin/vite`,
  vite: `#!/bin/sh
echo vite >> ran
mkdir -p "$3" && cp web/page "$3/index.html"`,
  tsc: `#!/bin/sh
echo tsc >> ran`,
};

const put = (path: string, text: string) => writeFileSync(join(clone, path), text);
const look = (path: string) => readFileSync(join(clone, path), 'utf8');
const ran = () => (existsSync(join(clone, 'ran')) ? look('ran').trim().split('\n') : []);

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'curfew-setup-'));
  for (const folder of ['tools', 'machines', 'web']) mkdirSync(join(clone, folder));
  for (const [name, script] of Object.entries(tools)) {
    put(`tools/${name}`, script);
    chmodSync(join(clone, 'tools', name), 0o755);
  }
  cpSync('setup.mjs', join(clone, 'setup.mjs'));
  put('package.json', '{}');
  put('package-lock.json', '{}');
  put('web/page', 'one');
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(clone, { recursive: true, force: true });
});

function setUp(step = 'app'): { child: ChildProcess; end: Promise<number | null> } {
  const env = { ...process.env, PATH: `${join(clone, 'tools')}:/usr/bin:/bin` };
  const child = spawn(process.execPath, ['setup.mjs', step], { cwd: clone, env, stdio: 'ignore' });
  children.add(child);
  return { child, end: new Promise((settle) => child.on('close', settle)) };
}

test('ten set-ups at once on a fresh clone install once and build once', async () => {
  const codes = await Promise.all(Array.from({ length: 10 }, () => setUp().end));
  expect(codes).toEqual(Array.from({ length: 10 }, () => 0));
  expect(ran()).toEqual(['npm', 'vite']);
  expect(look('dist/app/index.html')).toBe('one');
});

test('what is up to date is neither installed nor built again', async () => {
  await setUp().end;
  expect(await setUp().end).toBe(0);
  expect(ran()).toEqual(['npm', 'vite']);
});

test('another lock file is installed, and the application built anew', async () => {
  await setUp().end;
  put('package-lock.json', '{"lockfileVersion":3}');
  await setUp().end;
  expect(ran()).toEqual(['npm', 'vite', 'npm', 'vite']);
});

test('a new build takes the place of the old one, whose files stay for a server that still runs', async () => {
  await setUp().end;
  const old = realpathSync(join(clone, 'dist/app'));
  put('web/page', 'two');
  await setUp().end;
  expect(look('dist/app/index.html')).toBe('two');
  expect(readFileSync(join(old, 'index.html'), 'utf8')).toBe('one');
  put('web/page', 'one');
  await setUp().end;
  expect(look('dist/app/index.html')).toBe('one');
  expect(ran()).toEqual(['npm', 'vite', 'vite']);
});

test('a set-up killed in the middle of installing is taken over, once, by those who wait', async () => {
  put('hang', '');
  const first = setUp();
  await vi.waitFor(() => expect(look('hanging')).toMatch(/\d\n/), { timeout: 10_000 });
  const waiting = [setUp(), setUp(), setUp()];
  rmSync(join(clone, 'hang'));
  first.child.kill('SIGKILL');
  process.kill(Number(look('hanging')), 'SIGKILL');
  expect(await Promise.all(waiting.map(({ end }) => end))).toEqual([0, 0, 0]);
  expect(ran()).toEqual(['npm', 'npm', 'vite']);
});

test('a set-up told to stop leaves nothing running', async () => {
  put('hang', '');
  const { child, end } = setUp();
  await vi.waitFor(() => expect(look('hanging')).toMatch(/\d\n/), { timeout: 10_000 });
  const installing = Number(look('hanging'));
  child.kill('SIGTERM');
  expect(await end).toBe(143);
  await vi.waitFor(() => expect(() => process.kill(installing, 0)).toThrow('ESRCH'), { timeout: 10_000 });
});

test('a failed build leaves the last good one in place and says so', async () => {
  await setUp().end;
  rmSync(join(clone, 'web/page'));
  expect(await setUp().end).toBe(1);
  expect(look('dist/app/index.html')).toBe('one');
});

test('what was compiled from a source that is gone, or that is a project of its own since, is not packed', async () => {
  for (const folder of ['web/styles', 'server/app', 'server/store', 'dist/server/app'])
    mkdirSync(join(clone, folder), { recursive: true });
  for (const source of ['server/index.ts', 'server/app/main.ts', 'server/app/tsconfig.json']) put(source, '');
  const compiled = ['index', 'gone', 'store', 'app/main'].flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
  for (const name of compiled) put(`dist/server/${name}`, '');
  expect(await setUp('package').end).toBe(0);
  const kept = readdirSync(join(clone, 'dist/server'), { withFileTypes: true, recursive: true });
  expect(kept.flatMap((each) => (each.isFile() ? [each.name] : [])).toSorted()).toEqual(['index.d.ts', 'index.js']);
});
