import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readArguments } from '../../server/cli/auditCommand.ts';
import { usage } from '../../server/accounts/usersCommand.ts';
import { pages, shellLinesOf } from '../support/blocks.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const lines = pages.flatMap((path) => shellLinesOf(readFileSync(path, 'utf8')));

/** The script that a line starts, without the variables before it, and what is given to it. */
const npm = /^(?:[A-Z_]+=\S+ )*npm (?:run )?([\w:]+)(?: -- (.*))?$/;
const started = lines.map((line) => npm.exec(line)).filter((found) => found !== null && found[1] !== 'install');

it('every line for a shell starts a script that there is', () => {
  expect(started.length).toBeGreaterThan(10);
  for (const [, script = ''] of started.map((found) => found ?? [])) expect(Object.keys(scripts)).toContain(script);
});

it('every line for a shell gives the commands what they take', () => {
  for (const [, script = '', given = ''] of started.map((found) => found ?? [])) {
    if (script === 'audit') expect(() => readArguments(given.split(' '))).not.toThrow();
    if (script === 'users') expect(usage).toContain(given);
  }
});

it('the image is made from the Dockerfile', () => {
  expect(lines).toContain('docker build -t curfew .');
  expect(existsSync('Dockerfile')).toBe(true);
});
