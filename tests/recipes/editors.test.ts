import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('editors');
  await application.build('vite', ['build']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

const patience = { timeout: 60_000 };
const password = 'correct horse battery';

/** Of each editor: where it is typed into, where its lines are, and what is in it at first. */
const editors = [
  { name: 'Lexical', field: '[data-lexical-editor]', line: '[data-lexical-editor] > *', first: [], hasBold: true },
  { name: 'TipTap', field: '.ProseMirror', line: '.ProseMirror > *', first: ['Dear all,'], hasBold: true },
  { name: 'CodeMirror', field: '.cm-content', line: '.cm-line', first: ['# a list'], hasBold: false },
  { name: 'Monaco', field: '.view-lines', line: '.view-line', first: ['let one = 1;'], hasBold: false },
] as const;
type Name = (typeof editors)[number]['name'];

const section = (page: Page, name: Name) => page.getByRole('region', { name, exact: true });

/** Writes a line at the end of every editor, a word of it in bold where the editor knows that. */
async function write(page: Page, start: string, bold: string): Promise<void> {
  for (const { name, field, hasBold } of editors) {
    await section(page, name).locator(field).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type(`${start} `);
    if (hasBold && bold !== '') await page.keyboard.press('Control+b');
    await page.keyboard.type(bold);
  }
}

/** Until every editor has its first lines, and these. */
const have = (page: Page, ...lines: readonly string[]) =>
  expect
    .poll(
      () =>
        Promise.all(
          editors.map(async ({ name, line }) => {
            const texts = await section(page, name).locator(line).allTextContents();
            // Monaco writes its spaces as such that do not break, and others show an empty line at the end.
            return [name, ...texts.map((text) => text.replaceAll('\u00A0', ' ').trim()).filter(Boolean)];
          }),
        ),
      patience,
    )
    .toEqual(editors.map(({ name, first }) => [name, ...first, ...lines]));

const bold = (page: Page) =>
  Promise.all(editors.map(({ name }) => section(page, name).locator('strong').allTextContents()));

async function comeBack(page: Page): Promise<void> {
  const field = page.getByLabel('Password', { exact: true });
  await field.waitFor(patience);
  expect(await page.content()).not.toMatch(/4711/);
  await field.fill(password);
  await page.getByRole('button', { name: 'Sign in and continue' }).click();
}

test('Lexical, TipTap, CodeMirror and Monaco have again what was written in them, after the lock and after a reload', async () => {
  const { url } = await application.start('server.ts', { IDLE_SECONDS: '15' });
  const page = await newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Enter' }).click();
  await have(page);

  await write(page, 'the key is', '4711');
  await have(page, 'the key is 4711');
  await comeBack(page);
  await have(page, 'the key is 4711');
  const bolds = editors.map(({ hasBold }) => (hasBold ? ['4711'] : []));
  expect(await bold(page)).toEqual(bolds);

  await page.reload();
  await have(page, 'the key is 4711');
  expect(await bold(page)).toEqual(bolds);

  // What is written next is kept with the rest.
  await write(page, 'and the other, 4711 0815', '');
  await comeBack(page);
  await have(page, 'the key is 4711', 'and the other, 4711 0815');
  expect(await page.locator('.curfew-kept li').count()).toBe(0);
});
