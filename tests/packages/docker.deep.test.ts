import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { run, temporary } from '../support/packages/bench.ts';

/** What an image is made of, without the comments. */
interface Stage {
  readonly steps: readonly (readonly [instruction: string, rest: string])[];
}

function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const steps = lines.map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const);
  const begins = steps.flatMap(([instruction], index) => (instruction === 'FROM' ? [index] : []));
  return begins.map((begin, index) => ({ steps: steps.slice(begin, begins[index + 1]) }));
}

const [build, final] = stagesOf(readFileSync('Dockerfile', 'utf8'));
const stepsOf = (stage: Stage | undefined, instruction: string) =>
  (stage?.steps ?? []).filter(([name]) => name === instruction).map(([, rest]) => rest);

const folders: string[] = [];
let image: string;

/** Does what the last stage says, in a folder in place of an image; what comes from the first is here already. */
beforeAll(async () => {
  const built = await run('node', ['setup.mjs', 'app']);
  if (built.status !== 0) throw new Error(`the pages could not be built:\n${built.output}`);
  image = temporary('image');
  folders.push(image);
  for (const copied of stepsOf(final, 'COPY')) {
    const names = copied.split(' ').filter((word) => !word.startsWith('--'));
    const target = names.pop() ?? '';
    for (const name of names) {
      const source = name.replace('/curfew/pages', 'dist/app');
      cpSync(source, join(image, target === './' ? name : target), { recursive: true, dereference: true });
    }
  }
  const [installation = ''] = stepsOf(final, 'RUN').filter((step) => step.startsWith('npm '));
  const { status, output } = await run('sh', ['-c', `${installation} --prefer-offline`], image);
  if (status !== 0) throw new Error(`${installation} failed:\n${output}`);
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test('nothing is copied into the image that is installed, built or kept beside the sources', () => {
  const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.git', 'data', 'dist', 'node_modules']));
  expect(stepsOf(build, 'COPY')).toEqual(['. .']);
  expect(stepsOf(build, 'RUN')).toEqual(['node setup.mjs app && cp -rL dist/app pages']);
  const copied = stepsOf(final, 'COPY').filter((step) => !step.startsWith('--from'));
  for (const name of copied.flatMap((step) => step.split(' ').slice(0, -1))) {
    expect(existsSync(name), name).toBe(true);
    expect(ignored).not.toContain(name);
  }
});

test('the image holds production packages only', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const installed = (name: string) => existsSync(join(image, 'node_modules', name, 'package.json'));
  expect(Object.keys(dependencies).filter((name) => !installed(name))).toEqual([]);
  // These come with packages that need them as well: two are their peers, and one is what prom-client depends on.
  expect(Object.keys(devDependencies).filter(installed)).toEqual(['@opentelemetry/api', 'hono', 'react']);
  expect(readdirSync(image).toSorted()).toEqual([
    'LICENSE',
    'dist',
    'machines',
    'node_modules',
    'package-lock.json',
    'package.json',
    'server',
  ]);
});

test('the image holds what the application needs beyond the library, in the versions that are tested', () => {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  const { dependencies } = read('server/app/package.json') as { dependencies: Record<string, string> };
  const versionIn = (folder: string, name: string) => read(join(folder, 'node_modules', name, 'package.json')).version;
  for (const [name, version] of Object.entries(dependencies)) {
    expect(versionIn('.', name), name).toBe(version);
    expect(versionIn(join(image, 'server', 'app'), name), name).toBe(version);
  }
});

test('the image starts on Node 24, serves the API and the pages, and stops when it is told to', async () => {
  expect(stepsOf(final, 'FROM')).toEqual(['node:24-slim']);
  expect(process.versions.node).toMatch(/^24\./);
  const [command = '[]'] = stepsOf(final, 'CMD');
  const [program, ...args] = JSON.parse(command) as string[];
  expect(program).toBe('node');
  const said = stepsOf(final, 'ENV').flatMap((line) => line.split(' ').map((each) => each.split('=')));
  const port = await freePort();
  const data = temporary('data');
  folders.push(data);
  const { PATH = '' } = process.env;
  const env = { PATH, ...Object.fromEntries(said), HOST: '127.0.0.1', PORT: String(port) } as Record<string, string>;
  env['CURFEW_DATABASE'] = env['CURFEW_DATABASE']?.replace('/data/', `${data}/`) ?? '';
  const child = spawn(process.execPath, args, { cwd: image, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (some) => (output += String(some)));
  const closed = new Promise<number | null>((settle) => child.once('close', settle));
  try {
    const url = `http://127.0.0.1:${port}`;
    const ended = closed.then(() => {
      throw new Error(`The server ended:\n${output}`);
    });
    const health = await Promise.race([vi.waitFor(() => fetch(`${url}/healthz`), { timeout: 30_000 }), ended]);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    expect((await fetch(`${url}/api/conversations`)).status).toBe(401);
    expect(await (await fetch(url)).text()).toContain('<script type="module"');
    ended.catch(() => {});
  } finally {
    child.kill('SIGTERM');
  }
  expect(await closed).toBe(0);
  expect(output).not.toMatch(/"level":"(warn|error)"/);
  expect(readdirSync(data).toSorted()).toEqual(['curfew.db', 'curfew.secret']);
});
