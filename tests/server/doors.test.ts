import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The packages, and the modules of Node beside the everyday ones, that a program loads when it imports a door. */
function loadedBy(door: string): readonly string[] {
  const url = JSON.stringify(new URL(`../../server/${door}`, import.meta.url));
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve(name, context, next) { loaded.add(name); return next(name, context); } });
    await import(${url});
    console.log(JSON.stringify([...loaded].filter((name) => !/^(\\.|file:)/.test(name))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
  expect(String(stderr)).toBe('');
  return JSON.parse(String(stdout));
}

const drivers = ['pg', 'node:sqlite', 'prom-client'];

test.each([
  ['index.ts', []],
  ['sqlite/index.ts', []],
  ['memory/index.ts', []],
  ['node/index.ts', []],
  ['postgres/index.ts', ['pg']],
])('%s loads of the heavy packages only %j', (door, wanted) => {
  const loaded = loadedBy(door);
  expect(drivers.filter((driver) => loaded.includes(driver))).toEqual(wanted);
});
