import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { closeContexts, closeBrowser, newPage } from '../support/recipes/browser.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('plain-script');
  await application.build('vite', ['build']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

const field = (page: Page) => page.getByRole('textbox', { name: 'Letter' });

async function register(page: Page, url: string, username: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await field(page).waitFor();
}

test('a page without a framework warns, locks with nothing left to read, and brings back what was typed', async () => {
  const { url } = await application.start('server.ts', { IDLE_SECONDS: '12' });
  const page = await newPage();
  await register(page, url, 'ada');
  await field(page).fill('Dear Charles,');
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByText('You will be signed out').waitFor({ state: 'hidden' });
  await page.getByText('You will be signed out').waitFor();
  await page.getByText('Time is up').waitFor();
  expect(await page.locator('#work').isHidden()).toBe(true);
  expect(await page.locator('#letter').inputValue()).toBe('');

  await page.getByLabel('Your password').fill('the wrong one');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('invalid_credentials').waitFor();
  await page.getByLabel('Your password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Go on' }).click();
  await field(page).waitFor();
  await expect.poll(() => field(page).inputValue(), { timeout: 60_000 }).toBe('Dear Charles,');
});

test('a page without a framework signs out in every tab, and what it loads has no React in it', async () => {
  const { url } = await application.start('server.ts');
  const page = await newPage();
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => response.url().endsWith('.js') && scripts.push(response.text()));
  await register(page, url, 'grace');
  expect(await page.locator('#sign-in [name=password]').inputValue()).toBe('');
  const other = await page.context().newPage();
  await other.goto(url);
  await field(other).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await other.getByText('You are signed out').waitFor();
  const texts = await Promise.all(scripts);
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(text).not.toMatch(/react/i);
});
