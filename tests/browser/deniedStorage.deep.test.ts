import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { fixture } from '../support/browser/fixture.ts';
import { comeBack, composer, lock, sharedBrowser, openSite, password } from '../support/browser/site.ts';
import { folder } from '../support/server/folder.ts';

const browser = sharedBrowser();

/** As an application of another site frames a page, and as a browser that blocks all cookies has it. */
const denying = () => {
  const deny = {
    configurable: true,
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, deny);
  Object.defineProperty(window, 'BroadcastChannel', {
    value: function denied() {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  Object.defineProperty(LockManager.prototype, 'request', {
    value: () => Promise.reject(new DOMException('denied', 'SecurityError')),
  });
};
const shown = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);

describe('a browser that keeps nothing', () => {
  it('shows the sign-in and says why nobody can stay signed in, where it blocks all cookies', async () => {
    const site = await openSite(browser);
    const profile = folder();
    mkdirSync(join(profile, 'Default'));
    const content = { default_content_setting_values: { cookies: 2 } };
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: content }));
    const context = await chromium.launchPersistentContext(profile, launchOptions());
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Create an account' }).first().click();
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.locator('form').getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('alert').filter({ hasText: 'keeps no cookies of this page' }).waitFor();
    expect(errors).toEqual([]);
    expect(await site.world.users.byName('ada')).toBeNull();
    await context.close();
    await site.close();
  });

  it.each(['?', '?bearer'])('works in memory where storage is denied, and says what is not kept: %s', async (mode) => {
    const site = await openSite(browser, { pages: fixture });
    await site.context.addInitScript(denying);
    const page = await site.context.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${site.url}/${mode}`);
    await page.getByRole('button', { name: 'Enter' }).click();
    const letter = page.getByLabel('Letter');
    await letter.fill('Dear Charles,');
    await page.getByRole('status').filter({ hasText: 'keeps nothing of this page' }).waitFor();
    await site.leap(seconds(5));
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await comeBack(page);
    await shown(page, 'Dear Charles,');
    expect(errors).toEqual([]);
    await site.close();
  });

  it('comes back with the server’s copy alone where its database never answers, two seconds later, and says so', async () => {
    const site = await openSite(browser);
    await site.context.addInitScript(() => {
      Object.defineProperty(IDBFactory.prototype, 'open', { value: () => new EventTarget() });
    });
    const page = await site.context.newPage();
    const ticking = async (is: Promise<unknown>) => {
      const waiting = { isOver: false };
      const over = is.finally(() => (waiting.isOver = true));
      while (!waiting.isOver) {
        await page.clock.runFor(250);
        await site.rest();
      }
      return over;
    };
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Create an account' }).first().click();
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.locator('form').getByRole('button', { name: 'Create account' }).click();
    await ticking(page.getByRole('button', { name: 'Sign out' }).first().waitFor());
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await composer(page).fill('only on the server');
    await ticking(page.getByText('Not saved on this device, only on the server.').waitFor());
    await site.leap(minutes(31));
    await ticking(lock(page).waitFor());
    await comeBack(page);
    await ticking(shown(page, 'only on the server'));
    await site.close();
  });
});
