import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { equivalents, type Equivalent } from './equivalents.ts';

/**
 * Changes `machines/` in one place at a time and runs its tests against each change: `npm run test:mutants`, or with the
 * names of some files. Fails when less than 95 % of the changes are found, when one that is not found is not explained,
 * and when an explanation explains nothing.
 *
 * Stryker's own runner for Vitest reports changes as not found that are found, so each is a process of its own.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);
const chosen = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : ['machines/*.ts', '!machines/index.ts'];

const stryker = new Stryker({
  mutate: files,
  testRunner: 'command',
  // A change that makes a loop without an end is found by the CPU time it takes: a busy machine must not look like one.
  commandRunner: {
    command: 'ulimit -t 20 && exec node node_modules/vitest/vitest.mjs run --config tests/mutants/vitest.config.ts',
  },
  plugins: [],
  // TypeScript 7 has no programming interface by which Stryker could rewrite one: this names no file.
  tsconfigFile: 'none',
  ignorePatterns: [
    '**',
    '!machines/*.ts',
    '!tests/machines/*.ts',
    '!tests/golden/*',
    '!tests/support/{machines,tabMachine,tabStates}.ts',
    '!tests/mutants/*',
    '!package.json',
  ],
  tempDirName: '.setup/mutants',
  timeoutMS: 600_000,
  concurrency: Number(process.env['CURFEW_MUTANTS_AT_ONCE'] ?? 2),
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false, allowEmojis: false },
  allowConsoleColors: false,
  thresholds: { high: 100, low: 95, break: 95 },
});

type Result = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** Where a mutant is and what it changes, in words that do not depend on the lines before it. */
function describe({ fileName, location, mutatorName, replacement }: Result): Equivalent & { readonly at: string } {
  const file = relative(root, fileName);
  const { start, end } = location;
  // Lines and columns of a report begin at 1.
  const text = readFileSync(fileName, 'utf8').split('\n')[start.line - 1] ?? '';
  const from = text.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  const at = `${file}:${start.line}:${start.column}`;
  return { file, line: text.trim(), from, to: replacement, why: mutatorName, at };
}

const results = await stryker.runMutationTest();
const survivors = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(describe);
const broken = results.filter(({ status }) => status === 'RuntimeError' || status === 'CompileError');
const explains = (a: Equivalent, b: Equivalent) =>
  a.file === b.file && a.line === b.line && a.from === b.from && a.to === b.to;

const unexplained = survivors.filter((survivor) => !equivalents.some((each) => explains(each, survivor)));
const tried = new Set(results.map(({ fileName }) => relative(root, fileName)));
const idle = equivalents.filter(
  (each) => tried.has(each.file) && !survivors.some((survivor) => explains(each, survivor)),
);

for (const { at, line, from, to, why } of unexplained)
  console.log(`\nnot found: ${at} (${why})\n  in ${line}\n  ${from}\n  became ${to}`);
for (const { file, line, to } of idle) console.log(`\nexplained, but found: ${file}\n  in ${line}\n  became ${to}`);
for (const each of broken.map(describe)) console.log(`\nnever ran: ${each.at} became ${each.to}`);
console.log(`\n${survivors.length} of ${results.length} not found, ${survivors.length - unexplained.length} explained`);
if (unexplained.length + idle.length + broken.length > 0) process.exitCode = 1;
