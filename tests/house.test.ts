import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  applicationImportsOnlyDoors,
  filesHaveOneIdea,
  machinesImportOnlyXstate,
  nothingImportsTests,
  onlyMainReadsTheEnvironment,
  serverImportsOnlyMachinesDoor,
  timeAndChanceEnterAsValues,
  webImportsOnlyDoors,
  type Rule,
} from './house.ts';

const sources = globSync('{machines,server,web}/**/*.{ts,tsx,css}').map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));

test('the house rules read the real sources', () => {
  for (const room of ['machines/', 'server/', 'web/'])
    expect(sources.some(({ path }) => path.startsWith(room))).toBe(true);
});

const named = (fixtures: [path: string, text: string][]) =>
  fixtures.map(([path, text]): [string, string, string] => [
    path,
    text.slice(0, 100).replaceAll('\n', ' ').trim(),
    text,
  ]);

/** Each rule is shown to fail on `wrong` and to accept `right` before it is believed about the sources. */
function house(
  name: string,
  rule: Rule,
  fixtures: { wrong: [path: string, text: string][]; right: [string, string][] },
) {
  describe(name, () => {
    test('holds everywhere', () => expect(rule(sources)).toEqual([]));
    test.each(named(fixtures.wrong))('catches, in %s, %s', (path, _, text) =>
      expect(rule([{ path, text }])).toHaveLength(1),
    );
    test.each(named(fixtures.right))('accepts, in %s, %s', (path, _, text) =>
      expect(rule([{ path, text }])).toEqual([]),
    );
  });
}

house('machines import xstate and each other, nothing else', machinesImportOnlyXstate, {
  wrong: [
    ['machines/a.ts', `import { z } from 'zod';`],
    ['machines/a.ts', `import { inspect } from 'node:util';`],
    ['machines/a.ts', `import type { App } from '../server/index.ts';`],
    ['machines/a.ts', `export * from '../web/react/index.ts';`],
    ['machines/a.ts', `export const later = () => import('../server/index.ts');`],
    ['machines/a.ts', `export type App = import('../server/index.ts').App;`],
  ],
  right: [['machines/a.ts', `import { setup } from 'xstate';\nimport { step } from './driver.ts';`]],
});

house('server imports machines through its one door, and never web', serverImportsOnlyMachinesDoor, {
  wrong: [
    ['server/log/a.ts', `import { step } from '../../machines/driver.ts';`],
    ['server/log/a.ts', `import type { Draft } from '../../web/index.ts';`],
    ['server/a.ts', `import { step } from 'curfew/machines';`],
  ],
  right: [['server/log/a.ts', `import { step } from '../../machines/index.ts';\nimport { Hono } from 'hono';`]],
});

house('web imports machines through its one door, and only types of the server', webImportsOnlyDoors, {
  wrong: [
    ['web/a.ts', `import { step } from '../machines/driver.ts';`],
    ['web/a.ts', `import { createCurfew } from '../server/index.ts';`],
    ['web/a.ts', `import { type App } from '../server/index.ts';`],
    ['web/a.ts', `import type { App } from '../server/curfew.ts';`],
    ['web/a.tsx', `import { Workspace } from './app/workspace.tsx';`],
  ],
  right: [
    ['web/a.ts', `import type { App } from '../server/index.ts';\nimport { step } from '../machines/index.ts';`],
    ['web/a.tsx', `import { useState } from 'react';\nimport { clock } from './clock.ts';`],
  ],
});

house('the application imports what any application could: the doors', applicationImportsOnlyDoors, {
  wrong: [
    ['web/app/a.tsx', `import { Dialog } from '../dialog.tsx';`],
    ['web/app/pages/a.tsx', `import { presets } from '../../../machines/presets.ts';`],
    ['web/app/a.tsx', `import { createCurfew } from '../../server/index.ts';`],
  ],
  right: [
    ['web/app/a.tsx', `import { CurfewProvider } from '../index.ts';\nimport '../curfew.css';\nimport './app.css';`],
    ['web/app/a.tsx', `import type { App } from '../../server/index.ts';`],
  ],
});

house('nothing imports the tests', nothingImportsTests, {
  wrong: [
    ['server/a.ts', `import { history } from './support/contract/history.ts';`],
    ['web/app/a.tsx', `import { fake } from '../../tests/web/fake.ts';`],
    ['machines/a.ts', `import { test } from 'vitest';`],
  ],
  right: [['server/a.ts', `import { tests } from './tests.ts';`]],
});

house('time and chance enter as values', timeAndChanceEnterAsValues, {
  wrong: [
    ['machines/a.ts', `export const at = Date.now();`],
    ['server/a.ts', `export const clock = Date.now;`],
    ['server/a.ts', `export const at = globalThis.Date.now();`],
    ['server/a.ts', `export const at = Date['now']();`],
    ['server/a.ts', `export const at = new Date();`],
    ['web/a.ts', `export const at = performance.now();`],
    ['web/app/a.tsx', `export const a = Math.random();`],
  ],
  right: [
    ['server/app/main.ts', `export const at = Date.now();`],
    ['web/app/main.tsx', `export const at = Date.now();`],
    ['web/client/device/clock.ts', `export const at = performance.now();`],
    ['web/wakeUp.ts', `export const at = Date.now();`],
    ['server/a.ts', `export const iso = (at: number) => new Date(at).toISOString(); // not Date.now()`],
  ],
});

house('the environment is read in one file', onlyMainReadsTheEnvironment, {
  wrong: [
    ['server/a.ts', `export const port = process.env.PORT;`],
    ['server/a.ts', `export const port = process['env']['PORT'];`],
    ['server/a.ts', `const { PORT } = process.env;`],
  ],
  right: [
    ['server/app/main.ts', `export const port = process.env.PORT;`],
    ['server/cli/users.ts', `export const file = process.env.CURFEW_DATABASE;`],
  ],
});

house('a file has one idea and fits 250 lines', filesHaveOneIdea, {
  wrong: [
    ['web/long.css', '\n'.repeat(251)],
    ['server/long.ts', `//\n`.repeat(251)],
  ],
  right: [['server/long.ts', `//\n`.repeat(250)]],
});
