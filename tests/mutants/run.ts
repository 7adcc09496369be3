import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults } from './faults.ts';

/**
 * Puts each fault into a copy of the sources and runs the tests that are to find it: those of `npm test`, and when they
 * pass, those of `npm run test:deep`. Prints which of the two found which fault, and by which test. Tries all
 * faults, or those whose names hold one of the given words.
 */
const words = process.argv.slice(2);
const tried = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

const root = join(import.meta.dirname, '..', '..');
const copy = mkdtempSync(join(tmpdir(), 'curfew-mutants-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const part of ['machines', 'server', 'web', 'tests', 'vitest.config.ts', 'package.json', 'tsconfig.base.json'])
  cpSync(join(root, part), join(copy, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The two runs of the tests, each with its projects of Vitest and what it calls the same suite. */
const runs = [
  { command: 'npm test', projects: ['unit', 'contract'], suiteOf: (suite: string) => suite },
  {
    command: 'npm run test:deep',
    projects: ['deep'],
    suiteOf: (suite: string) => suite.replace('.test.', '.deep.test.'),
  },
] as const;

/** @returns the name of the first test that fails, `null` when all pass or the run has none of the suites. */
function firstFailure({ projects, suiteOf }: (typeof runs)[number], named: readonly string[]): string | null {
  const suites = named.map(suiteOf).filter((suite) => existsSync(join(copy, suite)));
  if (suites.length === 0) return null;
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const of = projects.flatMap((project) => ['--project', project]);
  const args = ['run', ...of, '--bail', '1', '--reporter', 'json', '--outputFile', report, ...suites];
  spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: copy,
    stdio: 'ignore',
    timeout: 600_000,
  });
  if (!existsSync(report)) return 'a run without an end, which was stopped';
  const { success, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  if (success) return null;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  return failed?.fullName ?? testResults.find(({ message }) => message !== '')?.message.split('\n')[0] ?? 'no test ran';
}

/** @returns the run that fails first and its first test that does, `null` when all pass. */
function foundBy(suites: readonly string[]): { command: string; test: string } | null {
  for (const run of runs) {
    const test = firstFailure(run, suites);
    if (test !== null) return { command: `\`${run.command}\``, test };
  }
  return null;
}

for (const run of runs) {
  const clean = firstFailure(run, [...new Set(tried.flatMap(({ suites }) => suites))]);
  if (clean !== null) throw new Error(`${run.command} fails without any fault: ${clean}`);
}

let survived = 0;
console.log('| fault | in | found by | with the test |\n| --- | --- | --- | --- |');
for (const { name, file, from, to, suites } of tried) {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(from).length !== 2) throw new Error(`${name}: not exactly once in ${file}: ${from}`);
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  const found = foundBy(suites);
  writeFileSync(path, sound);
  if (found === null) survived += 1;
  console.log(`| ${name} | ${file} | ${found?.command ?? '**neither**'} | ${found?.test ?? ''} |`);
}
console.log(`\n${tried.length - survived} of ${tried.length} faults found`);
process.exitCode = survived === 0 ? 0 : 1;
