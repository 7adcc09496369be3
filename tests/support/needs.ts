import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/**
 * Whether the machine has what some tests need. What it does not have is named at the end of `npm test`, where those
 * tests are left out, and fails `npm run test:deep`, which leaves out nothing.
 *
 * @param what a program, a right or a browser, with how to come by it
 */
export function has(what: string, isHere: boolean): boolean {
  const path = process.env['CURFEW_ABSENT'];
  if (!isHere && path !== undefined) appendFileSync(path, `${what}\n`);
  return isHere;
}

/** Whether a process can be given a limit to the size of its files, as a full disk would be. */
export const hasFileLimits = has(
  '`prlimit`, to play a full disk (Debian: `apt-get install util-linux`)',
  spawnSync('prlimit', ['--version']).status === 0,
);
