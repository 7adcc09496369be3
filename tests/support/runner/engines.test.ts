import { expect, test } from 'vitest';
import { absentEngines, engines } from './engines.ts';

test('an engine of which nothing is installed is absent, with how to install it', () => {
  expect(absentEngines(() => false)).toEqual(engines.map(({ name, how }) => `${name} (${how})`));
});

test('an engine is there when each of its programs is at one of its places', () => {
  const last = engines.flatMap(({ programs }) => programs.map((places) => places.at(-1)));
  expect(absentEngines((path) => last.includes(path))).toEqual([]);
});

test('an engine of which one program is missing is absent', () => {
  expect(absentEngines((path) => !path.endsWith('Xvfb'))).toEqual([expect.stringContaining('WebKit')]);
});
