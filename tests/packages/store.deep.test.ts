import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { bin, installed, run } from '../support/packages/bench.ts';

test('the tests of a store of one’s own run beside the packed package, as the documents have them', async () => {
  const folder = await installed('hono-app', inject('tarball'));
  const block = blocksOf(readFileSync('docs/runtimes.md', 'utf8')).find(({ code }) => code.includes("'vitest'"));
  writeFileSync(join(folder, 'store.test.ts'), block?.code ?? '');
  symlinkSync(resolve('node_modules/vitest'), join(folder, 'node_modules/vitest'));
  const report = join(folder, 'report.json');
  const reporter = ['--reporter=json', `--outputFile=${report}`];
  const { status, output } = await run(bin('vitest'), ['run', '--root', folder, ...reporter], folder);
  expect(status, output).toBe(0);
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  expect(numPassedTests).toBe(numTotalTests);
  expect(numPassedTests).toBeGreaterThan(80);
  rmSync(folder, { recursive: true, force: true });
});
