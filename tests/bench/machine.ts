import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { cores, isPinning } from './pinned.ts';
import type { Options } from './options.ts';

/** How busy a machine is just now: the mean of the last minute. */
export const busy = (): string => (loadavg()[0] ?? 0).toFixed(1);

/** On what is measured, and when. */
export function placeOf(): string {
  const all = cpus();
  const kernel = execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim();
  const where = isPinning
    ? `the server on core ${cores.server}, the load on core ${cores.load}`
    : 'the processes were not kept on cores of their own';
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} on ${all.length} cores of`,
    `${all[0]?.model ?? 'an unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${kernel}; ${where}.`,
  ].join('\n');
}

/** How it was measured, and how busy the machine was. */
export function machineOf({ rounds, seconds, connections, credentials }: Options, busyBefore: string): string {
  return [
    placeOf(),
    `${rounds} rounds of ${seconds} s each, ${connections} connections, “many” are ${credentials} credentials in turns.`,
    `Load of the machine (mean of the minute) before: ${busyBefore}, at the end, with the measurement itself: ${busy()}.`,
  ].join('\n');
}
