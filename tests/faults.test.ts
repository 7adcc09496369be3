import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faults } from './mutants/faults.ts';

const root = join(import.meta.dirname, '..');

it.each(faults)('the fault “$name” can be put where it belongs, and only there', ({ file, from, to, suites }) => {
  expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(suites.length).toBeGreaterThan(0);
});
