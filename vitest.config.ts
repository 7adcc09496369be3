import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { absentEngines } from './tests/support/runner/engines.ts';
import { Durations } from './tests/support/runner/durations.ts';

const minute = 60_000;
// Patience for a machine that is busy with other things; nothing is measured by it.
const patience = { poll: { timeout: minute } };

// Tests whose name ends with `.deep.test.ts` belong to `npm run test:deep`, and so do those that need WebKit, or all the
// engines, and those that `npm run test:soak` alone runs; all others belong to `npm test`. So do those in Firefox, where it is installed.
const inFirefox = '**/*.firefox.test.ts';
const deep = ['**/*.{deep,webkit,engines,soak}.test.{ts,tsx}', inFirefox];
const quick = { exclude: [...configDefaults.exclude, ...deep] };

/** Files that share what they import: to load it anew for each of them takes longer than most of the tests. */
const together = { isolate: false, restoreMocks: true };
/** What runs in Node alone. The first to ask for PostgreSQL waits until it is made. */
const inNode = {
  ...together,
  globalSetup: ['tests/support/postgres/onDemand.ts'],
  setupFiles: ['tests/support/runner/eachFile.ts'],
  testTimeout: minute,
  hookTimeout: minute,
};
/** What runs in a browser, two files at once or three: most of them wait for time that really passes. */
const inBrowser = {
  globalSetup: ['tests/support/browser/prepareApplication.ts'],
  maxWorkers: 2,
  expect: patience,
  testTimeout: 3 * minute,
  hookTimeout: 3 * minute,
};

const hasFirefox = !absentEngines().some((each) => each.startsWith('Firefox'));

const pictures = 'tests/browser/pictures/*.test.ts';
const all = ['tests/**/*.test.{ts,tsx}'];
const allDeep = ['tests/**/*.deep.test.{ts,tsx}'];
const elsewhere = (...folders: string[]) => folders.map((folder) => `tests/${folder}/**`);
const projects: TestProjectInlineConfiguration[] = [
  {
    test: {
      ...inNode,
      name: 'unit',
      include: all,
      exclude: [...quick.exclude, ...elsewhere('browser', 'contract', 'journeys', 'packages', 'recipes')],
    },
  },
  { test: { ...inNode, ...quick, name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
  {
    test: {
      ...together,
      ...quick,
      name: 'journeys',
      include: ['tests/journeys/**/*.test.{ts,tsx}'],
      testTimeout: 20_000,
    },
  },
  {
    test: {
      ...inBrowser,
      ...quick,
      name: 'browser',
      include: ['tests/browser/**/*.test.ts'],
      exclude: [...quick.exclude.filter((each) => each !== inFirefox || !hasFirefox), pictures],
    },
  },
  {
    test: {
      ...quick,
      name: 'package',
      include: ['tests/packages/**/*.test.ts'],
      globalSetup: ['tests/support/packages/prepare.ts'],
      testTimeout: 5 * minute,
      hookTimeout: 3 * minute,
    },
  },
  {
    test: {
      ...inNode,
      env: { CURFEW_EFFORT: 'deep' },
      name: 'deep',
      include: allDeep,
      exclude: [...configDefaults.exclude, ...elsewhere('browser', 'packages')],
    },
  },
  // What needs more than a test should install, and for long.
  { test: { ...inNode, name: 'soak', include: ['tests/**/*.soak.test.ts'] } },
  {
    test: {
      ...inBrowser,
      maxWorkers: 3,
      name: 'browser.deep',
      include: ['tests/browser/**/*.deep.test.ts'],
      globalSetup: [...inBrowser.globalSetup, 'tests/support/browser/prepareFixture.ts'],
    },
  },
  // What installs more than the sources need: other versions of Node, and the packages of production alone.
  {
    test: {
      name: 'consumers',
      include: ['tests/packages/**/*.deep.test.ts'],
      globalSetup: ['tests/support/packages/prepare.ts'],
      testTimeout: 5 * minute,
      hookTimeout: 5 * minute,
    },
  },
  // Applications that install the packed library, each with a test that drives it.
  {
    test: {
      name: 'recipes',
      include: ['tests/recipes/*.test.ts'],
      globalSetup: ['tests/support/packages/prepare.ts'],
      maxWorkers: 2,
      testTimeout: 5 * minute,
      hookTimeout: 5 * minute,
    },
  },
  {
    test: {
      ...inBrowser,
      name: 'engines',
      include: ['tests/browser/**/*.{firefox,webkit,engines}.test.ts'],
      globalSetup: [...inBrowser.globalSetup, 'tests/support/engines/prepareModals.ts'],
    },
  },
  {
    test: {
      ...inBrowser,
      name: 'pictures',
      include: [pictures],
      globalSetup: [...inBrowser.globalSetup, 'tests/support/browser/prepareFixture.ts'],
    },
  },
];

const report = process.env['CURFEW_REPORT'];

export default defineConfig({
  test: {
    allowOnly: false,
    maxWorkers: availableParallelism(),
    reporters: [
      'default',
      ...(report === undefined ? [] : [['json', { outputFile: report }] as const, new Durations()]),
    ],
    projects,
  },
});
