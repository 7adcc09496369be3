import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/troubleshooting.md', 'utf8');
const sources = globSync('{server,web,machines}/**/*.{ts,tsx}')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** What Node or a browser says, and none of our code. */
const foreign = ['Unknown file extension ".ts"'];

/** The first cells of a page's tables, up to the codes. */
const listed = [...(page.split('## Problem codes')[0] ?? '').matchAll(/^\| (?!-)(.*?) +\|/gm)]
  .map(([, cell = '']) => cell)
  .flatMap((cell) => [...cell.matchAll(/`([^`]+)`|“([^”]+)”/g)].map(([, code, said]) => code ?? said ?? ''));

/** The words of a message that stand in the code as they are: what differs, numbers and quotes are left out. */
const partsOf = (message: string): readonly string[] =>
  message
    .split(/…|\d+|: |[="]/)
    .map((part) => part.replaceAll(/^[^\w]+|[^\w]+$/g, ''))
    .filter(Boolean);

const missing = (message: string) => partsOf(message).filter((part) => !sources.includes(part));

describe('the messages that troubleshooting lists', () => {
  it('are listed', () => expect(listed.length).toBeGreaterThan(25));

  it.each(listed.filter((message) => !foreign.includes(message)))('stand in the code: %s', (message) => {
    expect(missing(message)).toEqual([]);
  });

  it('would not be listed if none said so', () => {
    expect(missing('the database … has gone for a walk')).toEqual(['has gone for a walk']);
  });

  it('have the reasons for which a SQLite file is refused among them', () => {
    const reasons = [
      ...readFileSync('server/sqlite/unusable.ts', 'utf8').matchAll(/(?:'|^const \w+ = ')((?:is|cannot) [^';]+)/gm),
    ].map(([, reason = '']) => reason.split(/[:;]/)[0] ?? '');
    expect(reasons.length).toBeGreaterThan(5);
    for (const reason of reasons) expect(page).toContain(reason);
  });

  it('have the codes of the browser among them', () => {
    const codes = [...sources.matchAll(/new Refused\(\s*'([a-z_]+)'/g)].map(([, code]) => code);
    expect(new Set(codes).size).toBeGreaterThan(3);
    for (const code of codes) expect(page).toContain(`| \`${code}\``);
  });
});
