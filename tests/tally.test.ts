import { describe, expect, test } from 'vitest';
import { tally } from './tally.ts';

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
