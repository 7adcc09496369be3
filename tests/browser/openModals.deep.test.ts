import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openSite, dialog, openBrowser, stay, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe.each(['Radix', 'React Aria', 'Base UI', 'native'])('the warning over an open modal of %s', (name) => {
  async function warned() {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open();
    await enter(page);
    await page.getByRole('button', { name: `Open ${name}`, exact: true }).click();
    const inside = page.getByLabel(`Inside ${name}`, { exact: true });
    await inside.fill('half a word');
    await inside.evaluate((field: HTMLInputElement) => field.setSelectionRange(2, 6));
    await site.leap(minutes(29));
    await dialog(page).waitFor();
    await site.tick(1);
    return { site, page, inside };
  }

  it('WCAG 2.4.3 takes the focus, is in the accessibility tree and can be clicked', async () => {
    const { site, page } = await warned();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Stay signed in');
    const tree = await dialog(page).ariaSnapshot();
    expect(tree).toMatch(/alertdialog "You're about to be signed out"/);
    expect(tree).toMatch(/button "Stay signed in"/);
    await stay(page).click({ timeout: 10_000 });
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('WCAG 2.1.2 keeps the keyboard inside, is answered with one key, and gives focus and selection back', async () => {
    const { site, page, inside } = await warned();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Stay signed in');
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('Tab');
      const where = await page.evaluate(() => {
        const { activeElement: element } = document;
        return element === document.body || element?.closest('[role=alertdialog]') !== null;
      });
      expect(where).toBe(true);
    }
    await stay(page).focus();
    await page.clock.runFor(500);
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    await expect.poll(() => inside.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await inside.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd])).toEqual([
      2, 6,
    ]);
    expect(await inside.inputValue()).toBe('half a word');
    await site.close();
  });
});
