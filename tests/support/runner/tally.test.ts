import { describe, expect, test } from 'vitest';
import { failuresIn, tally } from './tally.ts';

const report = (...files: { status?: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status = 'passed', tests }) => ({
      status,
      assertionResults: tests.map((outcome) => ({ status: outcome })),
    })),
  });

describe('the last line of `npm test`', () => {
  test('counts each test once', () => {
    expect(tally(true, report({ tests: ['passed', 'passed'] }, { tests: ['passed'] }))).toEqual({
      passed: 3,
      failed: 0,
    });
  });

  test.each(['failed', 'skipped', 'pending', 'todo', 'disabled', 'anything new'])(
    'counts a %s test as failed',
    (status) => {
      expect(tally(true, report({ tests: ['passed', status] }))).toEqual({ passed: 1, failed: 1 });
    },
  );

  test('counts a file that did not load as failed', () => {
    const text = report({ tests: ['passed'] }, { status: 'failed', tests: [] });
    expect(tally(false, text)).toEqual({ passed: 1, failed: 1 });
  });

  test('counts a file whose tests passed but which failed otherwise as failed', () => {
    expect(tally(false, report({ status: 'failed', tests: ['passed'] }))).toEqual({ passed: 1, failed: 1 });
  });

  test('counts an error outside of every test as failed', () => {
    expect(tally(false, report({ tests: ['passed'] }))).toEqual({ passed: 1, failed: 1 });
  });

  test.each([
    ['found no test file', report()],
    ['left no report', undefined],
    ['left half a report', '{"testResults": ['],
  ])('counts a run that %s as failed', (_, text) => {
    expect(tally(true, text)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('what `npm test` says of a failure at its end', () => {
  const text = JSON.stringify({
    testResults: [
      {
        name: '/a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'a works', failureMessages: [] },
          { status: 'failed', fullName: 'a fails', failureMessages: ['expected 1\nto be 2'] },
          { status: 'skipped', fullName: 'a is left out' },
        ],
      },
      { name: '/b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
    ],
  });

  test('is the file, the name of the test and the message', () => {
    expect(failuresIn(text)).toEqual([
      '/a.test.ts > a fails\nexpected 1\nto be 2',
      '/a.test.ts > a is left out\nskipped',
      '/b.test.ts\ndoes not load',
    ]);
  });

  test('is nothing without a report, or when all passed', () => {
    expect(failuresIn(undefined)).toEqual([]);
    expect(failuresIn(report({ tests: ['passed'] }))).toEqual([]);
  });
});
