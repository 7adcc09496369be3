import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { composer, lock, openBrowser, openSite, password, stay, type OpenBrowser } from '../support/browser/site.ts';
import { userOn, storedIn } from '../support/browser/user.ts';

describe('two people, one browser', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('the second sees nothing of the first, whose work comes back to them alone', async () => {
    const site = await openSite(browser);
    const page = await site.writing('nobody else may read this');
    await site.leap(minutes(31));
    await lock(page).waitFor();

    await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|draft|conversation/i);
    await site.register(page, 'bob');
    await page.getByText('Nothing here yet').waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|Conversation 1|nobody else/);
    await userOn(page).startConversation();
    expect(await composer(page).inputValue()).toBe('');
    for (const record of (await storedIn(page)).records) expect(record).not.toMatch(/nobody else|\bada\b|\bbob\b/);
    await page.getByRole('button', { name: 'Sign out' }).first().click();

    await page.getByLabel('User name').waitFor();
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'nobody else may read this');
    await site.close();
  });

  it('a locked tab forgets its summary when somebody else signs in beside it', async () => {
    const site = await openSite(browser);
    const first = await site.writing('kept on this device', 'cleo');
    await site.leap(minutes(31));
    await first.getByText('Saved on this device: 1 conversation').waitFor();
    const second = await site.tab();
    await second.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await site.register(second, 'dora');
    await first.getByText('Saved on this device').waitFor({ state: 'detached' });
    expect(await first.locator('body').ariaSnapshot()).not.toMatch(/cleo|dora|conversation/);
    await site.close();
  });

  it('staying signed in in one tab closes the warning in the other, and signing out reaches all', async () => {
    const site = await openSite(browser);
    const first = await site.signedIn('eve');
    const second = await site.tab();
    await site.leap(minutes(28));
    await Promise.all([first, second].map((page) => stay(page).waitFor()));
    await stay(second).click();
    await Promise.all([first, second].map((page) => stay(page).waitFor({ state: 'detached' })));
    await second.getByRole('button', { name: 'Sign out' }).first().click();
    await first.getByText('You signed out.').waitFor();
    expect(await stay(first).count()).toBe(0);
    await site.close();
  });
});
