import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { installed, run, temporary } from '../support/packages/bench.ts';
import { doors } from '../support/packages/doors.ts';

/** A Node of another version, as npm has it. */
async function nodeOf(version: number): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = temporary(`node${version}`);
  folders.push(folder);
  const { status, output } = await run('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], folder);
  if (status !== 0) throw new Error(`npm install of Node ${version} failed:\n${output}`);
  return join(folder, 'node_modules', name, 'bin', 'node');
}

const folders: string[] = [];
let application: string;

beforeAll(async () => {
  application = await installed('any-app', inject('tarball'));
  folders.push(application);
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const load = (node: string, door: string) =>
  run(node, ['--input-type=module', '--eval', `await import('${door}'); console.log('loaded')`], application);

const ofNode = Object.entries(doors).flatMap(([door, { node }]) => (node === null ? [] : [[door, node] as const]));

describe.each([20, 22, 24])('on Node %i', (version) => {
  let path: string;
  beforeAll(async () => {
    path = version === 24 ? process.execPath : await nodeOf(version);
  });

  test.each(ofNode.filter(([, node]) => Math.floor(node) <= version))('%s loads', async (door) => {
    expect(await load(path, door)).toEqual({ status: 0, output: 'loaded\n' });
  });

  test.each(ofNode.filter(([, node]) => Math.floor(node) > version))(
    '%s says in one line which Node it needs',
    async (door) => {
      const { status, output } = await load(path, door);
      expect(status).toBe(1);
      expect(output.match(/^.*Error.*$/gm)).toEqual([
        expect.stringMatching(new RegExp(`curfew needs Node 24.7 or newer on the server; this is Node ${version}\\.`)),
      ]);
      expect(output).not.toMatch(/^\s+at /m);
    },
  );
});

test('package.json asks for the oldest Node on which any door loads', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe('>=20');
});
