import { expect, test } from 'vitest';
import { slowest } from './durations.ts';

test('the slowest files are the ten that took longest, the slowest first', () => {
  const line = (seconds: number) => JSON.stringify({ file: `tests/${seconds}.test.ts`, seconds });
  const lines = slowest(`${[3, 12, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map(line).join('\n')}\n`).split('\n');
  expect(lines).toHaveLength(10);
  expect([lines[0], lines[9]]).toEqual(['   12.0 s  tests/12.test.ts', '    3.0 s  tests/3.test.ts']);
});

test('there is no slowest file where none ran', () => {
  expect(slowest('')).toBe('');
});
