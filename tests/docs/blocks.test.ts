import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allBlocks, blocksOf, type Block } from '../support/blocks.ts';

let folder: string;

// A copy of the package's own name and doors, so that `curfew/server` means the compiled declarations, as for a user.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'curfew-blocks-'));
  for (const name of ['package.json', 'dist', 'node_modules']) symlinkSync(resolve(name), join(folder, name));
  const compilerOptions = {
    lib: ['ES2024', 'DOM', 'DOM.Iterable'],
    jsx: 'react-jsx',
    types: ['node', 'vite/client'],
    noEmit: true,
    composite: false,
    declaration: false,
    noUnusedLocals: false,
  };
  const tsconfig = { extends: resolve('tsconfig.base.json'), compilerOptions, include: ['*.ts', '*.tsx'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  // An application for Workers has the types of the platform.
  const platform = readFileSync('server/workers/cloudflare.d.ts', 'utf8');
  writeFileSync(join(folder, 'cloudflare.d.ts'), platform.replaceAll("'./", "'./dist/server/workers/"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compile(blocks: readonly Block[]): string {
  for (const { name, code } of blocks) writeFileSync(join(folder, name), code);
  const { stdout } = spawnSync(resolve('node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  for (const { name } of blocks) rmSync(join(folder, name));
  return stdout;
}

const fence = '```';

test('a block that does not compile is caught', () => {
  expect(compile(blocksOf(`${fence}ts\nexport const a: string = 1;\n${fence}\n`))).toContain(
    'block-1.ts(1,14): error TS2322',
  );
});

test('a block that imports what no door exports is caught', () => {
  const page = `${fence}tsx\nimport { nothing } from 'curfew/react';\nnothing();\n${fence}\n`;
  expect(compile(blocksOf(page))).toContain('error TS2305');
});

test('every code block of the README and of docs/ compiles against the published doors', () => {
  const names = allBlocks().map(({ name }) => name);
  expect(names).toContain('readme-1.ts');
  expect(compile(allBlocks())).toBe('');
});
