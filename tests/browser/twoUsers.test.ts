import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApplication, type Application } from '../support/browser/application.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { userOn, storedIn } from '../support/browser/user.ts';

let application: Application;
let browser: Browser;

beforeAll(async () => {
  [application, browser] = await Promise.all([startApplication(), chromium.launch(launchOptions())]);
});
afterAll(async () => {
  await browser?.close();
  await application?.stop();
});

describe('two people, one browser', () => {
  it('the second sees nothing of the first, whose work comes back to them alone', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(application.url);
    await userOn(page).register('ada', 'correct horse battery');
    await userOn(page).startConversation();
    const composer = page.getByLabel('Message', { exact: true });
    await composer.fill('nobody else may read this');
    await page.getByRole('button', { name: 'Sign in and continue' }).waitFor({ timeout: 60_000 });

    await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|draft|conversation/i);
    await userOn(page).register('bob', 'battery staple horse');
    await page.getByText('Nothing here yet').waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|Conversation 1|nobody else/);
    await userOn(page).startConversation();
    expect(await composer.inputValue()).toBe('');
    for (const record of (await storedIn(page)).records) expect(record).not.toMatch(/nobody else|\bada\b|\bbob\b/);
    await page.getByRole('button', { name: 'Sign out' }).first().click();

    await page.getByLabel('User name').waitFor();
    await userOn(page).signIn('ada', 'correct horse battery');
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'nobody else may read this');
    await context.close();
  });

  it('a locked tab forgets its summary when somebody else signs in beside it', async () => {
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(application.url);
    await userOn(first).register('cleo', 'correct horse battery');
    await userOn(first).startConversation();
    await first.getByText('Saved on this device: 1 conversation').waitFor({ timeout: 60_000 });
    await second.goto(application.url);
    await second.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await userOn(second).register('dora', 'battery staple horse');
    await first.getByText('Saved on this device').waitFor({ state: 'detached' });
    expect(await first.locator('body').ariaSnapshot()).not.toMatch(/cleo|dora|conversation/);
    await context.close();
  });

  it('staying signed in in one tab closes the warning in the other, and signing out reaches all', async () => {
    const context = await browser.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(application.url);
    await userOn(first).register('eve', 'correct horse battery');
    await second.goto(application.url);
    const stay = { name: 'Stay signed in' };
    await Promise.all([first, second].map((page) => page.getByRole('button', stay).waitFor({ timeout: 60_000 })));
    await second.getByRole('button', stay).click();
    await Promise.all([first, second].map((page) => page.getByRole('button', stay).waitFor({ state: 'detached' })));
    await second.getByRole('button', { name: 'Sign out' }).first().click();
    await first.getByText('You signed out.').waitFor();
    expect(await first.getByRole('button', stay).count()).toBe(0);
    await context.close();
  });
});
