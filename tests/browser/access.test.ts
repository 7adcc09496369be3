import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApplication, type Application } from './application.ts';
import { launchOptions } from './chromium.ts';
import { flaws, looks } from './flaws.ts';
import { person } from './person.ts';

let application: Application;
let browser: Browser;

beforeAll(async () => {
  const policy = { CURFEW_IDLE_TIMEOUT: '20s', CURFEW_WARN_BEFORE: '16s' };
  [application, browser] = await Promise.all([startApplication(policy), chromium.launch(launchOptions())]);
});
afterAll(async () => {
  await browser?.close();
  await application?.stop();
});

describe.each(looks)(
  'WCAG 1.4.3 1.4.10 2.5.8 4.1.2 in $name at $width px',
  ({ name, colorScheme, contrast, width }) => {
    it('every screen passes axe and fits', async () => {
      const context = await browser.newContext({
        colorScheme,
        contrast,
        viewport: { width, height: 720 },
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const found: string[] = [];
      const look = async (where: string) => void found.push(...(await flaws(page, where)));
      await page.goto(application.url);
      await page.getByText('For your security').waitFor();
      await look('sign-in');
      await person(page).register(`access-${name}`, 'correct horse battery');
      await look('empty workspace');
      await person(page).startConversation();
      await page
        .getByLabel('Message', { exact: true })
        .fill('a message that is long enough to wrap on a narrow screen, and then some');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('time').waitFor();
      await look('conversation');
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('heading', { name: 'How long you stay signed in' }).waitFor();
      await look('settings');
      await page.getByRole('button', { name: 'Dismiss' }).waitFor({ timeout: 90_000 });
      await look('toast');
      await page.getByRole('alertdialog').waitFor({ timeout: 90_000 });
      await look('dialog');
      await page.getByRole('button', { name: 'Sign in and continue' }).waitFor({ timeout: 90_000 });
      await look('locked');
      expect(found).toEqual([]);
      await context.close();
    });
  },
);
