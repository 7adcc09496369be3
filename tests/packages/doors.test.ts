import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { run, temporary } from '../support/packages/bench.ts';
import { command, doors } from '../support/packages/doors.ts';
import { filesOf, packagesOf } from '../support/packages/imports.ts';

interface Manifest {
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional: boolean }>;
}

const folder = temporary('unpacked');
const root = join(folder, 'package');
let manifest: Manifest;
let files: readonly string[];

beforeAll(async () => {
  const { output } = await run('tar', ['-xvzf', inject('tarball'), '-C', folder]);
  files = output.trim().split('\n');
  manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listed = (names: readonly string[]) => names.join(', ') || '–';

test('the documents say of every door which Node it needs and what it loads', () => {
  const cells = [...readFileSync('docs/doors.md', 'utf8').matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
  const all = [...Object.entries(doors), ['the command `curfew`', command] as const];
  expect(cells.slice(2)).toEqual(
    all.map(([name, { node, atOnce, onDemand }]) => [
      name.includes('`') ? name : `\`${name}\``,
      String(node ?? '–'),
      listed(atOnce),
      listed(onDemand),
    ]),
  );
});

/** The doors that code is imported from, with their files. */
const entries = () =>
  Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [[name.replace('.', 'curfew'), join(root, target.default)] as const],
  );

test('every door of the package is in the table, and no other', () => {
  expect(
    entries()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(Object.keys(doors).toSorted());
});

test('the door for React is one of a client, to frameworks that render on a server', () => {
  expect(readFileSync(join(root, 'dist/web/react/index.js'), 'utf8')).toMatch(/^['"]use client['"];\n/);
});

describe('the packages that a door loads', () => {
  test.each(Object.entries(doors))('%s', (name, { atOnce, onDemand }) => {
    const [, entry = ''] = entries().find(([door]) => door === name) ?? [];
    expect(packagesOf(entry)).toEqual({ atOnce, onDemand });
  });
});

test('the packages that the command loads', () => {
  const [entry = ''] = Object.values(manifest.bin);
  const { atOnce, onDemand } = command;
  expect(packagesOf(join(root, entry))).toEqual({ atOnce, onDemand });
});

test('every dependency is loaded by a door, and what a door loads is a dependency, or a peer that is optional', () => {
  const loaded = new Set(Object.values(doors).flatMap(({ atOnce, onDemand }) => [...atOnce, ...onDemand]));
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  expect([...loaded].toSorted()).toEqual([...Object.keys(dependencies), ...Object.keys(peerDependencies)].toSorted());
  for (const name of Object.keys(peerDependencies))
    expect(peerDependenciesMeta[name], name).toEqual({ optional: true });
});

test('every file of code or declarations that is packed can be reached from a door or the command', () => {
  const all = [...entries().map(([, entry]) => entry), ...Object.values(manifest.bin).map((path) => join(root, path))];
  const reached = new Set(all.flatMap((entry) => [...filesOf(entry)]));
  const code = files.filter((name) => /\.(js|d\.ts)$/.test(name));
  expect(code.filter((name) => !reached.has(join(folder, name).replace(/(\.d)?\.[jt]s$/, '')))).toEqual([]);
});
