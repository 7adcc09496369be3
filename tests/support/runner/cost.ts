import { readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second, whatever its own clock does. */
const ticksPerSecond = 100;

/** The CPU time in seconds, of a process and of all its children that have ended, from its line in `/proc`. */
export function cpuSecondsIn(stat: string): number {
  // The name of the program, in brackets, may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return (user + system + childrenUser + childrenSystem) / ticksPerSecond;
}

/** The CPU time in seconds that this process and all that ran under it took, `null` where the system does not tell. */
export function cpuSeconds(): number | null {
  try {
    return cpuSecondsIn(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return null;
  }
}
