import { configDefaults, defineConfig } from 'vitest/config';

const minute = 60_000;
// Patience for a machine that is busy with other things; nothing is measured by it.
const patience = { poll: { timeout: minute } };

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/*.test.{ts,tsx}', 'tests/{conformance,machines,model,server,web}/**/*.test.{ts,tsx}'],
          globalSetup: ['tests/postgres/onDemand.ts'],
          // The first to ask for PostgreSQL waits until it is made.
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          globalSetup: ['tests/postgres/onDemand.ts'],
          // The first to ask for PostgreSQL waits until it is made.
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      { test: { name: 'journeys', include: ['tests/journeys/**/*.test.{ts,tsx}'], testTimeout: 20_000 } },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/*.test.ts'],
          globalSetup: ['tests/browser/prepare.ts'],
          fileParallelism: false,
          expect: patience,
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['tests/browser/conformance/*.test.ts'],
          globalSetup: ['tests/browser/prepare.ts', 'tests/browser/conformance/prepare.ts'],
          fileParallelism: false,
          expect: patience,
          testTimeout: 3 * minute,
          hookTimeout: 3 * minute,
        },
      },
      {
        test: {
          name: 'pictures',
          include: ['tests/browser/pictures/*.test.ts'],
          globalSetup: ['tests/browser/prepare.ts'],
          fileParallelism: false,
          expect: patience,
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: 'webkit',
          include: ['tests/browser/webkit/*.test.ts'],
          globalSetup: ['tests/browser/prepare.ts'],
          fileParallelism: false,
          expect: patience,
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: 'package',
          include: ['tests/packages/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.deep.test.ts'],
          testTimeout: 5 * minute,
          hookTimeout: 3 * minute,
        },
      },
      // What installs more than the sources need: other versions of Node, and the packages of production alone.
      {
        test: {
          name: 'consumers',
          include: ['tests/packages/**/*.deep.test.ts'],
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
        },
      },
    ],
  },
});
