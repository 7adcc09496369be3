import { existsSync } from 'node:fs';

/** A program that tests need, beside Chromium, which is installed when the first test asks for it. */
export interface Engine {
  readonly name: string;
  /** The programs that have to be there, each at one of several places. */
  readonly programs: readonly (readonly string[])[];
  /** How to install it. */
  readonly how: string;
}

const debian = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);

export const engines: readonly Engine[] = [
  {
    name: 'Firefox',
    programs: [['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']],
    how: 'Debian: `apt-get install firefox-esr`',
  },
  {
    name: 'WebKit',
    programs: [['/usr/bin/WebKitWebDriver', '/usr/local/bin/WebKitWebDriver'], ['/usr/bin/Xvfb'], debian],
    how: 'Debian: `apt-get install webkit2gtk-driver xvfb`',
  },
  {
    name: 'nginx',
    programs: [['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']],
    how: 'Debian: `apt-get install nginx`',
  },
];

/** The engines that are not installed, each with how to install it. */
export const absentEngines = (isThere: (path: string) => boolean = existsSync): readonly string[] =>
  engines
    .filter(({ programs }) => !programs.every((places) => places.some(isThere)))
    .map(({ name, how }) => `${name} (${how})`);

/** What there is to know of an engine. Throws for one that is not listed. */
export function programsOf(name: string): Engine {
  const found = engines.find((engine) => engine.name === name);
  if (found === undefined) throw new Error(`no engine is called ${name}`);
  return found;
}
