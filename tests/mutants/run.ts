import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults } from './faults.ts';

/** Puts each fault into a copy of the sources and runs the tests that are to find it; prints who found which. */

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

/** @returns the name of the first test that fails, `null` when all pass. */
function firstFailure(suites: readonly string[]): string | null {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', '--project', 'unit', '--bail', '1', '--reporter', 'json', '--outputFile', report, ...suites];
  spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], {
    cwd: copy,
    stdio: 'ignore',
    timeout: 300_000,
  });
  if (!existsSync(report)) return 'a run without an end, which was stopped';
  const { success, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  if (success) return null;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  return failed?.fullName ?? testResults.find(({ message }) => message !== '')?.message.split('\n')[0] ?? 'no test ran';
}

const clean = firstFailure([...new Set(faults.flatMap(({ suites }) => suites))]);
if (clean !== null) throw new Error(`the tests fail without any fault: ${clean}`);

let survived = 0;
console.log('| fault | in | found by |\n| --- | --- | --- |');
for (const { name, file, from, to, suites } of faults) {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(from).length !== 2) throw new Error(`${name}: not exactly once in ${file}: ${from}`);
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  const found = firstFailure(suites);
  writeFileSync(path, sound);
  if (found === null) survived += 1;
  console.log(`| ${name} | ${file} | ${found ?? '**nobody**'} |`);
}
console.log(`\n${faults.length - survived} of ${faults.length} faults found`);
process.exitCode = survived === 0 ? 0 : 1;
