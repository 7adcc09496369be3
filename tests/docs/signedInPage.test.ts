import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf } from '../support/blocks.ts';

const page = readFileSync('docs/browser.md', 'utf8');
/** The block of the page in a language of its own. */
const only = (language: string): string => {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);
  expect(found).toHaveLength(1);
  return found.join('');
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'curfew-signed-in-'));
  for (const name of ['package.json', 'dist', 'node_modules']) symlinkSync(resolve(name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the page where a sign-in ends is built by Vite as the document says', async () => {
  const script = blocksOf(page).find(({ code }) => code.includes('export const finish ='));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>The application</title>');
  writeFileSync(join(folder, 'signed-in.html'), only('html'));
  writeFileSync(join(folder, 'signed-in.ts'), `${script?.code}\nawait finish();\n`);
  writeFileSync(join(folder, 'vite.config.js'), only('js'));
  const options = { outDir: join(folder, 'built'), emptyOutDir: true, target: 'es2022' } as const;
  await build({ root: folder, configFile: join(folder, 'vite.config.js'), logLevel: 'silent', build: options });
  expect(existsSync(join(folder, 'built/index.html'))).toBe(true);
  expect(readFileSync(join(folder, 'built/signed-in.html'), 'utf8')).toMatch(
    /<script type="module"[^>]* src="\/assets\//,
  );
});
