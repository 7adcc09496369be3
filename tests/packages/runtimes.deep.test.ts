import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { judgeOn } from '../support/judge/engines.ts';
import { freePort } from '../support/freePort.ts';
import { installed, run } from '../support/packages/bench.ts';
import { Program } from '../support/server/child.ts';

const kills = Number(process.env['CURFEW_KILLS'] ?? 3);

let folder: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  folder = await installed('runtimes', inject('tarball'));
  const [example] = blocksOf(readFileSync('docs/runtimes.md', 'utf8'));
  writeFileSync(join(folder, 'server.ts'), example?.code ?? '');
});
/** Kills the server, as `kill -9` does. */
async function kill() {
  const ended = new Promise((settle) => server?.once('exit', settle));
  if (server?.exitCode === null && server.kill('SIGKILL')) await ended;
}
afterEach(async () => {
  await kill();
  for (const file of ['curfew.db', 'curfew.db-wal', 'curfew.db-shm']) rmSync(join(folder, file), { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const program = (name: string) => join(folder, 'node_modules', '.bin', name);

/** What the tests of this project are run by, and how each begins the example of the documents. */
const runtimes = {
  bun: {
    vitest: (...rest: string[]) => ['--bun', resolve('node_modules/.bin/vitest'), 'run', '--pool', 'threads', ...rest],
    serve: () => ['run', 'server.ts'],
  },
  deno: {
    vitest: (...rest: string[]) => [
      'run',
      '-A',
      resolve('node_modules/vitest/vitest.mjs'),
      'run',
      '--pool',
      'forks',
      ...rest,
    ],
    serve: (port: number) => ['serve', '-A', '--host', '127.0.0.1', '--port', String(port), 'server.ts'],
  },
} as const;

/** What an application sees of the wire, and what happens at once. */
const files = [
  ...['me', 'rotation', 'sessions', 'passwordChange', 'leases', 'stream'].map(
    (name) => `tests/server/routes/${name}.test.ts`,
  ),
  'tests/races/memory.test.ts',
];

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

describe.each(['bun', 'deno'] as const)('on %s', (name) => {
  const { vitest, serve } = runtimes[name];

  test.each([
    [
      'the contract of the stores and the journeys',
      ['--project', 'contract', '--project', 'journeys', '--testNamePattern', '^(?!.*(repeatable read|serializable))'],
      200,
    ],
    ['the routes and the races', ['--project', 'unit', ...files], 60],
  ] as const)('%s are as on Node', async (_, which, atLeast) => {
    const report = join(mkdtempSync(join(tmpdir(), 'curfew-runtime-')), 'report.json');
    const reporting = ['--reporter', 'json', '--outputFile', report];
    const { output } = await run(program(name), vitest(...which, ...reporting), '.', {
      ...process.env,
      // They name where this very run reports to.
      CURFEW_REPORT: undefined,
      CURFEW_COUNTERS: undefined,
      PATH: [join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
    });
    expect(existsSync(report), output).toBe(true);
    const { numPassedTests, numFailedTests, testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
    expect(
      testResults.filter(({ status }) => status !== 'passed'),
      output,
    ).toEqual([]);
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(atLeast);
  });

  /** The server of the documents, once it answers. */
  async function example(on?: number) {
    const port = on ?? (await freePort());
    const env = {
      ...process.env,
      PORT: String(port),
      CURFEW_SECRET: 'a secret of more than 32 characters, for a test',
    };
    server = spawn(program(name), serve(port), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (data) => (output += String(data)));
    const url = `http://127.0.0.1:${port}`;
    await vi
      .waitFor(() => fetch(url), { timeout: 60_000, interval: 100 })
      .catch((error: unknown) => {
        throw new Error(output, { cause: error });
      });
    return { url, port, output: () => output };
  }

  test('Promise 1 what several clients are told holds together', async () => {
    await judgeOn(`${name}, SQLite`, [await example()], { limit: 10 });
  });

  test('Promise 1, Promise 8 it holds together, and nothing that was acknowledged is lost, where the server is killed', async () => {
    const node = await example();
    expect((await new Program(node).enter('register', 'zoe')).status).toBe(201);
    const disturb = async () => {
      for (let time = 0; time < kills; time++) {
        // In the middle: as long as it takes to sign in several times, others have had answers, too.
        for (let look = 0; look < 5; look++) await new Program(node).enter('login', 'zoe');
        await kill();
        await example(node.port);
      }
    };
    await judgeOn(`${name}, SQLite, kill -9`, [node], { limit: 10, disturb });
  });

  test('the example of the documents serves an application', async () => {
    const { url, output } = await example();
    const ask = (path: string, json?: object, token?: string) =>
      fetch(`${url}/api/${path}`, {
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
        ...(json && { method: 'POST', body: JSON.stringify(json) }),
      });
    const ada = { username: 'ada', password: 'pässwörter für Ada', transport: 'bearer' };
    const registered = await ask('auth/register', ada);
    expect(registered.status, output()).toBe(201);
    const wrong = await ask('auth/login', { ...ada, password: 'pässwörter für Adb' });
    expect([wrong.status, (await wrong.json()).code]).toEqual([401, 'invalid_credentials']);
    const signedIn = await ask('auth/login', ada);
    const { token } = await signedIn.json();
    expect(signedIn.status, output()).toBe(200);

    const hello = await ask('hello', undefined, token);
    expect([hello.status, hello.headers.get('Session-Status')]).toEqual([200, expect.any(String)]);
    const stream = await ask('auth/stream', undefined, token);
    expect(stream.headers.get('Content-Type')).toContain('text/event-stream');
    expect((await ask('auth/logout', {}, token)).status).toBe(204);
    // It ends when its session does.
    expect(await stream.text()).toContain('ended.signedOut');
    expect((await ask('hello', undefined, token)).status).toBe(401);
    expect(output()).not.toContain('no address of the client');
  });
});
