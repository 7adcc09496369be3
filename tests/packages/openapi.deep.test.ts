import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, temporary } from '../support/packages/bench.ts';
import { createCurfew } from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';
import { createWorld, secret } from '../support/server/world.ts';

// In a folder of their own: they come with many packages, and with another TypeScript.
const tools = ['@redocly/cli', 'openapi-typescript', 'typescript@5'];

const folder = temporary('openapi');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tool = (path: string, ...args: string[]) =>
  run(process.execPath, [join(folder, 'node_modules', path), ...args], folder);

let paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const { status, output } = await run('npm', ['install', ...quietly, ...tools], folder);
  if (status !== 0) throw new Error(`npm install of the tools failed:\n${output}`);
  const { client } = await createWorld();
  const { body, text } = await client().get('/openapi.json');
  paths = body.paths;
  writeFileSync(join(folder, 'openapi.json'), text);
  const without = { accounts: false, basePath: '/curfew', cookieName: 'board' } as const;
  const curfew = await createCurfew({ store: memory(), secret, write: () => {}, ...without });
  const own = await curfew.operations.request('/openapi.json');
  writeFileSync(join(folder, 'without-accounts.json'), await own.text());
  await curfew.close();
});

test.each([
  ['the reference application', 'openapi.json'],
  ['an application that signs people in itself', 'without-accounts.json'],
])('redocly lint finds nothing in the description of %s, not even a warning', async (_, document) => {
  const { status, output } = await tool('@redocly/cli/bin/cli.js', 'lint', document);
  expect({ status, found: output.match(/^(Error|Warning) was generated.*$/gm) }, output).toEqual({
    status: 0,
    found: null,
  });
  expect(output).toContain('is valid');
});

test('openapi-typescript types every answer of every route', async () => {
  const made = await tool('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'api.d.ts');
  expect(made.status, made.output).toBe(0);
  const answers = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([, { content }]) => content && 'application/json' in content)
        .map(([status]) => `paths['${path}']['${method}']['responses'][${status}]['content']['application/json']`),
    ),
  );
  expect(answers.length).toBeGreaterThan(25);
  const checks = answers.map((answer) => `  isTyped<${answer}>(true),`).join('\n');
  writeFileSync(
    join(folder, 'check.ts'),
    `import type { components, paths } from './api.js';
type Says<T> = 0 extends 1 & T ? false : unknown extends T ? false : T extends Record<string, never> ? false : true;
/** What is in it, or in the things that it holds, is known, too. */
type Deep<T> = T extends readonly (infer Item)[] ? Deep<Item> : T extends object ? string extends keyof T ? true : Says<T> extends true ? { [K in keyof T]-?: Deep<NonNullable<T[K]>> }[keyof T] : false : true;
declare function isTyped<T>(says: false extends Says<T> ? false : Deep<T>): void;
export const checked = [
${checks}
];
isTyped<components['schemas']['Problem']>(true);
`,
  );
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', 'check.ts'];
  const { status, output } = await tool('typescript/bin/tsc', ...options);
  expect({ status, output }).toEqual({ status: 0, output: '' });
});
