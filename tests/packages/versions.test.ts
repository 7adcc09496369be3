import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installed, pack, run, temporary } from './bench.ts';

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
  const packed = temporary('pack');
  folders.push(packed);
  application = await installed('any-app', pack(packed));
  folders.push(application);
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const load = (node: string, door: string) =>
  run(node, ['--input-type=module', '--eval', `await import('${door}'); console.log('loaded')`], application);

describe.each([20, 22, 24])('on Node %i', (version) => {
  let node: string;
  beforeAll(async () => {
    node = version === 24 ? process.execPath : await nodeOf(version);
  });

  test('the doors of the browser load', async () => {
    for (const door of ['curfew/machines', 'curfew/react'])
      expect(await load(node, door)).toEqual({ status: 0, output: 'loaded\n' });
  });

  test(
    version === 24 ? 'the door of the server loads' : 'the door of the server says in one line which Node it needs',
    async () => {
      const { status, output } = await load(node, 'curfew/server');
      if (version === 24) return expect({ status, output }).toEqual({ status: 0, output: 'loaded\n' });
      expect(status).toBe(1);
      expect(output.match(/^.*Error.*$/gm)).toEqual([
        expect.stringMatching(new RegExp(`curfew/server needs Node 24.7 or newer; this is Node ${version}\\.`)),
      ]);
      expect(output).not.toMatch(/^\s+at /m);
      return undefined;
    },
  );
});

test('package.json asks for the oldest Node on which any door loads', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe('>=20');
});
