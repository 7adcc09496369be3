import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type LaunchOptions } from 'playwright-core';

const isRoot = process.getuid?.() === 0;

/** How every browser of the tests is started. Finds Chromium, or installs it, or says in one line how to. */
export function launchOptions(): LaunchOptions {
  return {
    executablePath: findChromium() ?? installChromium(),
    args: [
      // Chromium refuses its sandbox to root.
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

function findChromium(): string | undefined {
  const chosen = process.env['CURFEW_CHROMIUM'];
  if (chosen !== undefined && !runs(chosen)) throw new Error(`CURFEW_CHROMIUM=${chosen} is not a Chromium that starts`);
  return [
    chosen,
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium-browser',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    chromium.executablePath(),
  ].find((path) => path !== undefined && runs(path));
}

/** Ubuntu has a /usr/bin/chromium-browser that only says where the browser went, so being there is not enough. */
function runs(path: string): boolean {
  if (!existsSync(path)) return false;
  const version = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return version.status === 0 && /Chrom(e|ium)/.test(version.stdout);
}

function installChromium(): string {
  console.log('No Chromium found; installing one …');
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    attempt('apt-get', ['update']);
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  }
  if (findChromium() === undefined) {
    const withDependencies = isRoot ? ['--with-deps'] : [];
    attempt('node_modules/.bin/playwright-core', ['install', ...withDependencies, 'chromium']);
  }
  const found = findChromium();
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium: install it (Debian: `apt-get install chromium`; anywhere: ' +
      '`npx playwright-core install --with-deps chromium`) or set CURFEW_CHROMIUM to the path of one.',
  );
}

function attempt(command: string, args: string[]): void {
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}
