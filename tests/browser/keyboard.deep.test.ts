import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { meanwhile } from '../support/browser/screens.ts';
import { openSite, composer, dialog, openBrowser, password, toast, type OpenBrowser } from '../support/browser/site.ts';

/** What has the focus, as people call it; nothing when it is elsewhere in the page than asked. */
const focused = (page: Page, within = 'html') =>
  page.evaluate((selector) => {
    const { activeElement: here } = document;
    if (!here?.closest(selector)) return '';
    const label = here instanceof HTMLInputElement ? here.labels?.[0]?.textContent : null;
    return (here.getAttribute('aria-label') ?? label ?? here.textContent).trim();
  }, within);
const isOn = (page: Page, name: string) => expect.poll(() => focused(page)).toBe(name);

async function tabTo(page: Page, name: string, within?: string) {
  for (let times = 0; times < 80; times++) {
    if ((await focused(page, within)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard never comes to ${name}`);
}
async function press(page: Page, name: string, within?: string) {
  await tabTo(page, name, within);
  await page.keyboard.press('Enter');
}

describe('the keyboard', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('WCAG 2.1.1 2.1.2 2.4.3 is enough for the whole story, from the new account to signing out', async () => {
    const site = await openSite(browser);
    const page = await site.open();
    await page.getByText('For your security').waitFor();
    await press(page, 'Create an account');
    await isOn(page, 'User name');
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing here yet').waitFor();

    await press(page, 'New conversation');
    await isOn(page, 'Message');
    await page.keyboard.type('sent by keyboard');
    await page.keyboard.press('Control+Enter');
    await page.locator('time').waitFor();
    await press(page, 'Settings');
    await page.getByRole('heading', { name: 'How it looks' }).waitFor();
    await tabTo(page, 'Same as device');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await press(page, 'Conversation 1');
    await tabTo(page, 'Message');
    await page.keyboard.type('by keyboard');
    await site.leap(seconds(1));

    await site.leap(minutes(25));
    await toast(page).waitFor();
    await page.keyboard.press('F6');
    await isOn(page, 'Stay signed in');
    await page.keyboard.press('Enter');
    await toast(page).waitFor({ state: 'detached' });
    await isOn(page, 'Message');
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    await isOn(page, 'Stay signed in');
    await page.clock.runFor(500);
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    await isOn(page, 'Message');
    await site.leap(minutes(31));
    await isOn(page, 'Password');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByText('Welcome back').waitFor();
    await isOn(page, 'Message');
    expect(await composer(page).inputValue()).toBe('by keyboard');

    const phone = site.world.client('bearer');
    await phone.login('ada', password);
    await press(page, 'Security');
    await meanwhile(site, page.getByRole('list').getByRole('button', { name: 'Sign out' }).waitFor());
    await press(page, 'Sign out', '.app-devices');
    await isOn(page, 'Keep it signed in');
    await press(page, 'Sign it out');
    await page.getByText('Unknown device is signed out.').waitFor();
    expect((await phone.get('/api/auth/me')).status).toBe(401);
    await press(page, 'Inspector');
    await meanwhile(site, page.locator('.app-chart g[data-active="true"]').first().waitFor());
    await press(page, 'Back');
    const behind = async () => {
      const [, at, last] =
        /^Step (\d+) of (\d+)/.exec((await page.locator('.app-scrubber label').textContent()) ?? '') ?? [];
      return Number(last) - Number(at);
    };
    await expect.poll(behind).toBeGreaterThan(0);
    await press(page, 'Sign out');
    await page.getByText('For your security').waitFor();
    await isOn(page, 'User name');
    await site.close();
  });
});
