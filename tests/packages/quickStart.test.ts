import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterEach, expect, inject, test, vi } from 'vitest';
import { launchOptions } from '../support/browser/chromium.ts';
import { readmeBlock, shellLinesOf } from '../support/blocks.ts';
import { freePort } from '../support/freePort.ts';
import { run, temporary } from '../support/packages/bench.ts';

const folder = temporary('quick-start');
const children: ChildProcess[] = [];
let browser: Browser | undefined;
afterEach(async () => {
  await browser?.close();
  for (const child of children)
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const lines = shellLinesOf(readFileSync('README.md', 'utf8'));

/** The lines of the README from one to another, as they are typed, with the tarball in place of the name. */
function typed(from: string, to = from): string {
  const [first, last] = [from, to].map((start) => lines.findIndex((line) => line.startsWith(start)));
  const found = lines.slice(first, (last ?? 0) + 1).join('\n');
  return found.replace(
    'npm install curfew ',
    `npm install --prefer-offline --no-audit --no-fund ${inject('tarball')} `,
  );
}

const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);

/** Runs lines in a shell until the test is over; everything they print comes out at the end of a failed test. */
function begin(script: string, more: Readonly<Record<string, string>> = {}): () => string {
  const options = { cwd: folder, env: { ...process.env, PATH, ...more }, detached: true } as const;
  const child = spawn('sh', ['-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  return () => output;
}

test('what the README tells a newcomer to type leads, in an empty folder, to the warning on the screen', async () => {
  const installed = await run('sh', ['-ec', `cd ${folder}\n${typed('npm init', 'npm install --save-dev')}`]);
  expect(installed).toEqual({ status: 0, output: expect.any(String) });

  const [api, web] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'server.ts'), readmeBlock('createCurfew'));
  writeFileSync(join(folder, 'main.tsx'), readmeBlock('CurfewProvider'));
  writeFileSync(join(folder, 'index.html'), readmeBlock('<!doctype html>'));
  writeFileSync(join(folder, 'vite.config.js'), readmeBlock('proxy').replace('3000', String(api)));
  const server = begin(typed('export CURFEW_SECRET', 'node server.ts'), { PORT: String(api) });
  const vite = begin(`${typed('npx vite')} --port ${web} --strictPort`);

  const answers = (port: number) =>
    vi.waitFor(() => fetch(`http://localhost:${port}/`), { timeout: 60_000, interval: 200 });
  await Promise.all([answers(api), answers(web)]).catch((error: unknown) => {
    throw new Error(`${server()}\n${vite()}`, { cause: error });
  });
  browser = await chromium.launch(launchOptions());
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`http://localhost:${web}/`);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('textbox', { name: 'Letter' }).fill('Dear Charles,');
  await page.getByText("You'll be signed out in").first().waitFor();
  expect(errors).toEqual([]);
});
