import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const bin = (name: string) => resolve('node_modules/.bin', name);

export type Outcome = { status: number | null; output: string };

/** Runs a command to its end; resolves to its exit code and all it printed. */
export function run(command: string, args: string[], cwd = '.', env = process.env): Promise<Outcome> {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    child.on('error', reject);
    child.on('close', (status) => settle({ status, output }));
  });
}

export const temporary = (name: string) => mkdtempSync(join(tmpdir(), `curfew-${name}-`));

/** What `npm publish` would send, as a file; `npm pack` compiles it first. */
export function pack(folder: string): string {
  const packed = spawnSync('npm', ['pack', '--pack-destination', folder], { encoding: 'utf8' });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (packed.status !== 0 || tarball === undefined)
    throw new Error(`npm pack failed:\n${packed.stdout}${packed.stderr}`);
  return join(folder, tarball);
}

/** A copy of a sample application with the tarball installed as a stranger would install it. */
export async function installed(sample: string, tarball: string, samples = 'tests/packages'): Promise<string> {
  const folder = temporary(sample);
  cpSync(join(samples, sample), folder, { recursive: true });
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const { status, output } = await run('npm', ['install', ...quietly, tarball], folder);
  if (status !== 0) throw new Error(`npm install of the tarball failed:\n${output}`);
  return folder;
}
