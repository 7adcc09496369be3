import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countedIn, tableOf } from './soak/table.ts';
import { failuresIn, tally, type Count } from './tally.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const scratch = mkdtempSync(join(tmpdir(), 'curfew-test-'));
// What has to run as somebody else finds the way to its own folder in there.
chmodSync(scratch, 0o711);
const counters = join(scratch, 'counters.jsonl');
const summary: string[] = [];
const failures: string[] = [];
let running: ChildProcess | undefined;

/** Runs one command in the foreground; resolves to whether it succeeded. */
function succeeds(command: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      TMPDIR: scratch,
      CURFEW_COUNTERS: counters,
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

async function vitest(project: string, ...files: string[]): Promise<Count> {
  const report = join(scratch, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isClean = await succeeds('vitest', ['run', '--project', project, ...reporters, ...files]);
  const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
  failures.push(...failuresIn(text));
  return tally(isClean, text);
}

const conformanceFile = (name: string) => `tests/browser/conformance/${name}.test.ts`;

const stages: Record<string, () => Promise<Count>> = {
  format: () => check('prettier', '--check', '.', '--cache', '--cache-location', 'node_modules/.cache/prettier/cache'),
  lint: () => check('oxlint', '--deny-warnings', '--report-unused-disable-directives'),
  types: () => check('tsc', '-b'),
  unit: () => vitest('unit'),
  contract: () => vitest('contract'),
  journeys: () => vitest('journeys'),
  browser: () => vitest('browser'),
  // A part of the suite that `npm run test:browser` runs as a whole.
  conformance: () => vitest('conformance', ...['time', 'proof', 'axe'].map(conformanceFile)),
  package: () => vitest('package'),
};

/** Stages that run only when they are named: what they need is not on every machine. */
const named: Record<string, () => Promise<Count>> = { webkit: () => vitest('webkit') };
const known = { ...stages, ...named };

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exit(130);
  });
}
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(stages);
const total: Count = { passed: 0, failed: 0 };
for (const name of wanted) {
  const stage = known[name];
  console.log(`\n── ${name}`);
  const start = performance.now();
  if (stage === undefined) console.error(`There is no stage ${name}; there are: ${Object.keys(known).join(', ')}`);
  const count = (await stage?.()) ?? { passed: 0, failed: 1 };
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  total.passed += count.passed;
  total.failed += count.failed;
  summary.push(
    `${count.failed === 0 ? '✓' : '✗'} ${name}: ${count.passed} of ${count.passed + count.failed} (${seconds} s)`,
  );
  console.log(summary.at(-1));
}

if (existsSync(counters)) console.log(`\n${tableOf(countedIn(readFileSync(counters, 'utf8')))}`);
// Once more at the end: whoever reads only that has the names.
for (const failure of failures) console.log(`\n✗ ${failure.replace(root, '')}`);
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
