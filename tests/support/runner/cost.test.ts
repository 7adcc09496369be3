import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuSeconds, cpuSecondsIn } from './cost.ts';

test('the CPU time of a process is its own and that of its children, whatever it is called', () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '150', '50', '700', '100', '20', '0'];
  expect(cpuSecondsIn(`12 (a) b (c)) ${fields.join(' ')}\n`)).toBe(10);
});

test('CPU time is known where the system tells, and counts children that have ended', () => {
  if (!existsSync('/proc/self/stat')) {
    expect(cpuSeconds()).toBeNull();
    return;
  }
  const before = cpuSeconds() ?? 0;
  const busy = "while (process.cpuUsage().user < 300_000); process.stdout.write('done')";
  expect(spawnSync(process.execPath, ['-e', busy]).stdout.toString()).toBe('done');
  expect((cpuSeconds() ?? 0) - before).toBeGreaterThanOrEqual(0.3);
});
