import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../server/node/config.ts';
import { secret } from '../../support/server/world.ts';

function configOf(env: Record<string, string>) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.line);
  return read.config;
}

function lineOf(env: Record<string, string>): string {
  const read = readConfig(env);
  if (read.ok) throw new Error(`${JSON.stringify(env)} was taken`);
  return read.line;
}

describe('CURFEW_SECRET_FILE', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'curfew-secret-')), 'secret');
  afterAll(() => rmSync(dirname(file), { recursive: true }));

  it('is read where a container engine puts the secret, for either database', () => {
    writeFileSync(file, `${secret}\n`);
    const env = { CURFEW_SECRET_FILE: file };
    expect(configOf(env)).toMatchObject({ secret, secretFile: file, warnings: [] });
    expect(configOf({ ...env, CURFEW_DATABASE: 'postgres://db.example/curfew' }).secret).toBe(secret);
  });

  it('is refused in one line that shows nothing of a secret: beside CURFEW_SECRET, missing, too short', () => {
    writeFileSync(file, 'too short\n');
    const line = (env: Record<string, string>) => lineOf({ CURFEW_SECRET_FILE: file, ...env });
    const name = `CURFEW_SECRET_FILE=${JSON.stringify(file)} is not allowed: `;
    expect(line({ CURFEW_SECRET: secret })).toBe(`${name}only without CURFEW_SECRET`);
    expect(line({})).toBe(`${name}a file that holds at least 32 bytes`);
    expect(lineOf({ CURFEW_SECRET_FILE: '/nowhere/secret' })).toMatch(
      /^CURFEW_SECRET_FILE="\/nowhere\/secret" is not allowed: a file that holds at least 32 bytes \(ENOENT[^\n]*\)$/,
    );
  });
});
