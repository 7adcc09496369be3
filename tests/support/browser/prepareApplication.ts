import { spawnSync } from 'node:child_process';
import { launchOptions } from './chromium.ts';

/** Before the first browser test: the application is built, and a Chromium is found once for all of them. */
export function setup(): void {
  const build = spawnSync(process.execPath, ['setup.mjs', 'app'], { stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The application does not build, so no browser can open it.');
  process.env['CURFEW_CHROMIUM'] = launchOptions().executablePath;
}
