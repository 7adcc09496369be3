import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countedIn, tableOf } from './support/soak/table.ts';
import { cpuSeconds } from './support/runner/cost.ts';
import { slowest } from './support/runner/durations.ts';
import { absentEngines } from './support/runner/engines.ts';
import { failuresIn, tally, type Count } from './support/runner/tally.ts';

// What runs is named by stages, or is those of `npm test`, or with --deep those of `npm run test:deep`.
const isDeep = process.argv.includes('--deep');
const named = process.argv.slice(2).filter((each) => each !== '--deep');

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const scratch = mkdtempSync(join(tmpdir(), 'curfew-test-'));
// What has to run as another user finds the way to its own folder in there.
chmodSync(scratch, 0o711);
const counters = join(scratch, 'counters.jsonl');
const durations = join(scratch, 'durations.jsonl');
const absences = join(scratch, 'absences');
// Where tests that start processes look for it, too.
const compiled = join(scratch, 'curfew-compiled');
const summary: string[] = [];
const failures: string[] = [];
let running: ChildProcess | undefined;

const written = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Runs one command in the foreground; resolves to whether it succeeded. */
function succeeds(command: string, args: string[], more: Record<string, string> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      ...more,
      TMPDIR: scratch,
      CURFEW_COUNTERS: counters,
      CURFEW_DURATIONS: durations,
      CURFEW_ABSENT: absences,
      NODE_COMPILE_CACHE: compiled,
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
    };
    running = spawn(command, args, { cwd: root, stdio: 'inherit', env });
    running.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    running.on('exit', (code) => resolve(code === 0));
  });
}

async function check(name: string, ...args: string[]): Promise<Count> {
  return (await succeeds(name, args)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project: string): Promise<Count> {
  const report = join(scratch, `${project}.json`);
  const isClean = await succeeds('vitest', ['run', '--project', project], { CURFEW_REPORT: report });
  const text = written(report);
  failures.push(...failuresIn(text));
  return tally(isClean, text);
}

const absent = () => [...new Set([...written(absences).split('\n').filter(Boolean), ...absentEngines()])];

/** What `npm test` runs: what finds out most, on what every machine has. */
const quickStages = ['format', 'lint', 'types', 'unit', 'contract', 'journeys', 'browser', 'package'];
/** What `npm run test:deep` runs: what takes longer, and needs everything that tests can need. */
const deepStages = ['deep', 'browser.deep', 'engines', 'consumers', 'recipes'];
/** The stages that are not a project of Vitest. */
const checks: Readonly<Record<string, () => Promise<Count>>> = {
  format: () => check('prettier', '--check', '.', '--cache', '--cache-location', 'node_modules/.cache/prettier/cache'),
  lint: () => check('oxlint', '--deny-warnings', '--report-unused-disable-directives'),
  types: () => check('tsc', '-b'),
};
const stages = [...quickStages, ...deepStages];

/** Runs a stage; what there is no stage for has failed. */
async function count(name: string): Promise<Count> {
  if (Object.hasOwn(checks, name)) return checks[name]?.() ?? { passed: 0, failed: 1 };
  if (stages.includes(name)) return vitest(name);
  console.error(`There is no stage ${name}; there are: ${stages.join(', ')}`);
  return { passed: 0, failed: 1 };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exit(130);
  });
}
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

/** A duration since a moment, and the CPU time of all processes in it, where the system tells. */
function costSince({ at, cpu }: { at: number; cpu: number | null }): string {
  const seconds = (performance.now() - at) / 1000;
  const now = cpuSeconds();
  return `${seconds.toFixed(1)} s, ${now === null || cpu === null ? 'unknown' : (now - cpu).toFixed(1)} CPU s`;
}
const moment = () => ({ at: performance.now(), cpu: cpuSeconds() });

const total: Count = { passed: 0, failed: 0 };
const add = (name: string, { passed, failed }: Count, cost: string) => {
  total.passed += passed;
  total.failed += failed;
  summary.push(`${failed === 0 ? '✓' : '✗'} ${name}: ${passed} of ${passed + failed} (${cost})`);
  console.log(summary.at(-1));
};

const beginning = moment();
for (const name of named.length > 0 ? named : isDeep ? deepStages : quickStages) {
  console.log(`\n── ${name}`);
  const start = moment();
  add(name, await count(name), costSince(start));
}

const isWhole = named.length === 0;
const missing = isWhole ? absent() : [];
if (isDeep && isWhole) {
  add('everything is here', { passed: missing.length === 0 ? 1 : 0, failed: missing.length }, costSince(moment()));
  failures.push(...missing.map((what) => `not on this machine: ${what}`));
}

const counted = written(counters);
if (counted !== '') console.log(`\n${tableOf(countedIn(counted))}`);
const files = slowest(written(durations));
if (files !== '') console.log(`\nThe slowest files:\n${files}`);
// Once more at the end, where a reader looks first.
for (const failure of failures) console.log(`\n✗ ${failure.replace(root, '')}`);
console.log(`\n${summary.join('\n')}`);
const goal = isDeep ? 'under 30 minutes together with `npm test`' : 'at most 5 minutes on two quiet cores, 600 CPU s';
console.log(`\nIt took ${costSince(beginning)}${isWhole ? `; the goal is ${goal}` : ''}.`);
if (!isDeep) for (const what of missing) console.log(`Left out, for it is not on this machine: ${what}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
const results = process.env['CURFEW_RESULTS'];
if (results !== undefined) appendFileSync(results, `${JSON.stringify({ ...total, failures })}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
