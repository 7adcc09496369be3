import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** How long a test file took in seconds, with its imports and hooks. */
export interface Duration {
  readonly file: string;
  readonly seconds: number;
}

/** A reporter for Vitest that adds how long every file took to the file that `CURFEW_DURATIONS` names. */
export class Durations implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    const path = process.env['CURFEW_DURATIONS'];
    if (path === undefined) return;
    const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } = module.diagnostic();
    const all = environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration;
    const line: Duration = { file: module.relativeModuleId, seconds: all / 1000 };
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  }
}

/** The ten slowest files, one a line, from what the reporter has written. */
export function slowest(written: string): string {
  const all = written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Duration)
    .toSorted((a, b) => b.seconds - a.seconds);
  return all
    .slice(0, 10)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`)
    .join('\n');
}
