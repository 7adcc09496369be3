import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const marker = join(import.meta.dirname, 'node_modules', '.installed');

/**
 * Installs the peers where Git looks past them, unless they are there. They are no dependency of the product, so there is
 * no lock file, and what the product has itself, such as Hono, is taken from there.
 */
export function installPeers(): void {
  const wanted = createHash('sha256')
    .update(readFileSync(join(import.meta.dirname, 'package.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.log('Installing what is compared …');
  const args = ['install', '--no-package-lock', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: import.meta.dirname,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` },
  });
  if (status !== 0) throw new Error('What is compared could not be installed');
  // Where they are not installed, nothing else looks at how they are used.
  const tsc = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'tsc');
  if (spawnSync(tsc, ['-p', join(import.meta.dirname, 'peers')], { stdio: 'inherit' }).status !== 0)
    throw new Error('What is compared has other types than its use');
  writeFileSync(marker, wanted);
}
