import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { blocksOf } from '../support/blocks.ts';
import { freePort } from '../support/freePort.ts';
import { installed, pack } from '../support/packages/bench.ts';
import { startPostgres } from '../support/postgres/server.ts';
import { tableOf, withRow, withSection } from '../support/section.ts';
import { bundledApplication, startApplication } from '../support/workers/application.ts';
import { median } from './figures.ts';
import { busy } from './machine.ts';

/**
 * Prints what a request that changes nothing costs on each engine: CPU time of the process of the server alone, what it took
 * on Node and SQLite being 1. All run at once and take turns; PostgreSQL's own processes are not counted. `--write` puts the
 * table into docs/runtimes.md.
 *
 *     node tests/bench/engines.ts [--requests 1000] [--rounds 7] [--write]
 */

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
    write: { type: 'boolean', default: false },
  },
});
const atOnce = 16;
const users = ['ada', 'bob', 'eve', 'joe', 'kim'];
const sessionsEach = 6;
const secret = 'a secret of more than 32 characters, for a test';

interface Engine {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly stop: () => unknown;
}

const docs = join(import.meta.dirname, '..', '..', 'docs', 'runtimes.md');
const scratch = mkdtempSync(join(tmpdir(), 'curfew-engines-'));
const home = await installed('runtimes', pack(scratch));
const database = await startPostgres();

const [example] = blocksOf(readFileSync(docs, 'utf8'));
if (!example) throw new Error('docs/runtimes.md has no example');
const stores: Readonly<Record<string, string>> = {
  sqlite: example.code,
  memory: example.code
    .replace("import { sqlite } from 'curfew/sqlite'", "import { memory } from 'curfew/memory'")
    .replace("sqlite('./curfew.db')", 'memory()'),
  postgres: example.code
    .replace("import { sqlite } from 'curfew/sqlite'", "import { postgres } from 'curfew/postgres'")
    .replace("sqlite('./curfew.db')", `postgres('${database.url}')`),
};
for (const runtime of ['node', 'bun', 'deno'])
  for (const [store, code] of Object.entries(stores))
    writeFileSync(join(home, `${runtime}-${store}.ts`), code.replace('./curfew.db', `./${runtime}.db`));
for (const store of Object.keys(stores))
  writeFileSync(
    join(home, `serve-${store}.ts`),
    `import { serve } from '@hono/node-server';
import app from './node-${store}.ts';
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
`,
  );

async function answers(url: string): Promise<void> {
  for (let time = 0; time < 3000; time += 1) {
    const is = await fetch(url).then(
      () => true,
      () => false,
    );
    if (is) return;
  }
  throw new Error(`${url} does not answer`);
}

const bin = (name: string) => join(home, 'node_modules', '.bin', name);

async function start(name: string, command: (port: number) => readonly [string, ...string[]]): Promise<Engine> {
  const port = await freePort();
  const [program, ...rest] = command(port);
  const env = { ...process.env, PORT: String(port), CURFEW_SECRET: secret };
  const child = spawn(program, rest, { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { name, url, pid: child.pid ?? 0, stop: () => child.kill('SIGKILL') };
}

async function workers(): Promise<Engine> {
  const { folder, remove } = await bundledApplication();
  const running = await startApplication(folder);
  const stop = async () => {
    await running.kill();
    remove();
  };
  return { name: 'workerd, Durable Objects', url: running.url, pid: running.pid, stop };
}

/** CPU time of a process with all its threads so far, in µs. A tick is 10 ms on Linux. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** The tokens of all sessions. */
async function signIn({ url }: Engine): Promise<string[]> {
  const tokens: string[] = [];
  for (const username of users)
    for (let index = 0; index < sessionsEach; index += 1) {
      const answer = await fetch(`${url}/api/auth/${index === 0 ? 'register' : 'login'}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username, password: 'pässwörter für alle', transport: 'bearer' }),
      });
      const { token } = await answer.json();
      if (typeof token !== 'string') throw new Error(`${url} signs nobody in: ${answer.status}`);
      tokens.push(token);
    }
  return tokens;
}

/** Asks so often, in turns with all tokens. @returns CPU time a request, in µs */
async function slice({ url, pid }: Engine, tokens: readonly string[], count: number): Promise<number> {
  const before = cpuOf(pid);
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const token = tokens[(next += 1) % tokens.length];
      const answer = await fetch(`${url}/api/auth/me`, { headers: { Authorization: `Bearer ${token}` } });
      await answer.text();
      if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (cpuOf(pid) - before) / count;
}

const busyBefore = busy();
const engines = [
  await start('Node, SQLite', () => [process.execPath, 'serve-sqlite.ts']),
  await start('Node, memory', () => [process.execPath, 'serve-memory.ts']),
  await start('Node, PostgreSQL', () => [process.execPath, 'serve-postgres.ts']),
  await start('Bun, SQLite', () => [bin('bun'), 'run', 'bun-sqlite.ts']),
  await start('Deno, SQLite', (port) => [
    bin('deno'),
    'serve',
    '-A',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    'deno-sqlite.ts',
  ]),
  await workers(),
];
const tokens = new Map<Engine, string[]>();
for (const engine of engines) {
  tokens.set(engine, await signIn(engine));
  await slice(engine, tokens.get(engine) ?? [], 2 * Number(values.requests));
}
const figures = new Map(engines.map((engine) => [engine, [] as number[]]));
for (let round = 0; round < Number(values.rounds); round += 1)
  // Nobody is always the first.
  for (const engine of [...engines.slice(round % engines.length), ...engines.slice(0, round % engines.length)])
    figures.get(engine)?.push(await slice(engine, tokens.get(engine) ?? [], Number(values.requests)));
for (const { stop } of engines) await stop();
await database.erase();
for (const folder of [home, scratch]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

const [first] = engines;
const reference = first ? median(figures.get(first) ?? []) : 0;
const rows = engines.map((engine) => {
  const cpu = median(figures.get(engine) ?? []);
  return [engine.name, cpu.toFixed(0), (reference / cpu).toFixed(2)];
});
const table = `${tableOf(['engine', 'CPU a request, µs', 'requests a CPU second, to Node and SQLite'], rows)}

Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${cpus().length} cores of ${cpus()[0]?.model}: \`GET /auth/me\`, ${users.length * sessionsEach}
sessions in turns, ${atOnce} requests at once, medians of ${values.rounds} slices of ${values.requests}. Load of the machine (mean of the minute) before: ${busyBefore}, at the
end, with the measurement itself: ${busy()}.`;
console.log(table);
const figureOf = (name: string) => rows.find(([engine]) => engine === name)?.[2] ?? '';
/** As the columns of the table of what is shown on each. */
const columns = [
  'Node, memory',
  'Node, SQLite',
  'Node, PostgreSQL',
  'Bun, SQLite',
  'Deno, SQLite',
  'workerd, Durable Objects',
];
if (values.write) {
  const page = withSection(readFileSync(docs, 'utf8'), 'engines', table);
  writeFileSync(docs, withRow(page, 'requests a CPU second, to Node and SQLite', columns.map(figureOf)));
}
