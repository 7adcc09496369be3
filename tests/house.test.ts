import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  applicationImportsOnlyDoors,
  clientArrowsGoDown,
  domainKnowsNoHttp,
  filesHaveOneIdea,
  machinesImportOnlyXstate,
  nothingImportsTests,
  onlyMainReadsTheEnvironment,
  serverArrowsGoDown,
  serverImportsOnlyMachinesDoor,
  sqlStandsInAdapters,
  timeAndChanceEnterAsValues,
  webArrowsGoDown,
  webImportsOnlyDoors,
  type Rule,
} from './support/house.ts';

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
    [
      'web/app/a.tsx',
      `import { CurfewProvider } from '../react/index.ts';\nimport '../styles/curfew.css';\nimport './app.css';`,
    ],
    ['web/app/a.tsx', `import type { App } from '../../server/app/app.ts';`],
  ],
});

house('nothing imports the tests', nothingImportsTests, {
  wrong: [
    ['server/a.ts', `import { history } from '../tests/support/contract/history.ts';`],
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
    ['web/client/device/timer.ts', `export const at = Date.now();`],
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

house('in the server every arrow goes down', serverArrowsGoDown, {
  wrong: [
    ['server/session/a.ts', `import type { Judged } from '../http/requireSession.ts';`],
    ['server/sqlite/a.ts', `import { create } from '../curfew.ts';`],
    ['server/routes/a.ts', `import { metrics } from '../operations/metrics.ts';`],
    ['server/node/a.ts', `export const open = () => import('../app/app.ts');`],
    ['server/workers/a.ts', `import { listen } from '../node/listen.ts';`],
    ['server/curfew.ts', `export type { App } from './app/app.ts';`],
    ['server/store/a.ts', `import { a } from '../cupboard/a.ts';`],
  ],
  right: [
    ['server/session/a.ts', `import type { EventLog } from '../store/eventLog.ts';\nimport { b } from './b.ts';`],
    ['server/curfew.ts', `import { loginRoutes } from './routes/login.ts';\nimport { options } from './options.ts';`],
    ['server/app/a.ts', `import { step } from '../../machines/index.ts';\nimport { createCurfew } from '../index.ts';`],
  ],
});

house('in the browser every arrow goes down', webArrowsGoDown, {
  wrong: [
    ['web/client/tab/a.ts', `import { english } from '../../messages/english.ts';`],
    ['web/client/tab/a.ts', `import type { Props } from '../../react/provider.tsx';`],
    ['web/messages/a.ts', `import { useTab } from '../react/provider.tsx';`],
  ],
  right: [
    [
      'web/react/a.tsx',
      `import { createTab } from '../client/tab/tab.ts';\nimport { english } from '../messages/english.ts';`,
    ],
    // A door gathers what an application gets: nothing of the client itself needs words.
    ['web/client/index.ts', `export { english } from '../messages/english.ts';`],
  ],
});

house('in the client of the browser every arrow goes down', clientArrowsGoDown, {
  wrong: [
    ['web/client/device/a.ts', `import type { Pipe } from '../tab/channel.ts';`],
    ['web/client/http/a.ts', `import type { Activity } from '../tab/activity.ts';`],
    ['web/client/http/a.ts', `import type { Envelope } from '../work/vault.ts';`],
    ['web/client/work/a.ts', `export type { SessionFetch } from '../tab/tab.types.ts';`],
    ['web/client/tab/a.ts', `import { a } from '../cupboard/a.ts';`],
  ],
  right: [
    [
      'web/client/work/a.ts',
      `import type { Timer } from '../device/timer.ts';\nimport { isRecord } from '../http/wire.ts';`,
    ],
    ['web/client/tab/a.ts', `import { createWork } from '../work/work.ts';\nimport { b } from './b.ts';`],
    ['web/react/a.ts', `import { hidePage } from '../client/device/hidePage.ts';`],
  ],
});

house('what decides about sessions knows neither HTTP nor a database', domainKnowsNoHttp, {
  wrong: [
    ['server/session/a.ts', `import type { Context } from 'hono';`],
    ['server/session/a.ts', `import { HTTPException } from 'hono/http-exception';`],
    ['server/session/a.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['server/session/a.ts', `import pg from 'pg';`],
  ],
  right: [
    ['server/session/a.ts', `import { z } from 'zod';\nimport { setImmediate } from 'node:timers/promises';`],
    ['server/http/a.ts', `import type { Context } from 'hono';`],
  ],
});

house("SQL stands in the adapters and the application's store only", sqlStandsInAdapters, {
  wrong: [
    ['server/session/a.ts', 'export const find = `select id from sessions where id = ?`;'],
    ['server/routes/a.ts', `export const text = 'delete from drafts';`],
  ],
  right: [
    ['server/sqlite/a.ts', 'export const find = `select id from sessions where id = ?`;'],
    ['server/workers/a.ts', 'export const find = `select id from sessions where id = ?`;'],
    ['server/app/store/a.ts', `export const text = 'insert into messages values (1)';`],
    ['server/session/a.ts', `/** Whom to select from those who ask. */\nexport const word = 'select';`],
  ],
});
