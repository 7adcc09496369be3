import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openBrowser, openSite, password, sessionOf, wake, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

async function entered() {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open('/?own');
  await enter(page);
  return { site, page };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const letter = (page: Page) => page.getByLabel('Letter');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
const isShown = (page: Page, text: string) => page.getByText(text).isVisible();

describe('screens of the application’s own', () => {
  it('take the place of the library’s, and the page is hidden behind the locked one all the same', async () => {
    const { site, page } = await entered();
    await letter(page).fill('the key is 4711');
    await letter(page).evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(2, 5));
    await site.leap(seconds(1));
    await site.leap(minutes(31));
    await page.getByRole('heading', { name: 'Come in again (locked)' }).waitFor();
    expect(await page.locator('html').ariaSnapshot()).not.toContain('4711');
    expect(await page.locator('body').innerText()).not.toContain('4711');
    expect(await page.evaluate(() => document.activeElement?.closest('.curfew-locked') !== null)).toBe(true);
    for (let press = 0; press < 3; press++) await page.keyboard.press('Escape');
    await page.getByLabel('Word').fill(password);
    await button(page, 'Come in').click();
    await letter(page).waitFor();
    expect(await letter(page).inputValue()).toBe('the key is 4711');
    await site.close();
  });

  it('open dialogs of their own, which stay usable, also when another script opens one', async () => {
    const { site, page } = await entered();
    await site.leap(minutes(31));
    await button(page, 'Help').click();
    await button(page, 'I see').waitFor();
    const isReachable = () =>
      button(page, 'I see').evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2) === element;
      });
    await expect.poll(isReachable).toBe(true);
    await page.evaluate(() => {
      const other = document.body.appendChild(document.createElement('dialog'));
      other.append('the key is 4711');
      other.showModal();
    });
    await expect.poll(isReachable).toBe(true);
    expect(await isShown(page, 'the key is 4711')).toBe(false);
    await page.getByText('closed 0 times').waitFor();
    await button(page, 'I see').click();
    await page.getByText('closed 1 times').waitFor();
    await page.getByLabel('Word').fill(password);
    await button(page, 'Come in').click();
    await letter(page).waitFor();
    await site.close();
  });

  it('show the warning: beside the work without taking the focus, then before it, where Escape means to stay', async () => {
    const { site, page } = await entered();
    await letter(page).focus();
    await site.leap(minutes(25) + seconds(30));
    await page.getByText('Soon (toast)').waitFor();
    expect(await letter(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('F6');
    expect(await focused(page)).toBe('Not yet');
    await page.keyboard.press('F6');
    expect(await letter(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await site.leap(minutes(3));
    const dialog = page.getByRole('alertdialog', { name: "You're about to be signed out" });
    await dialog.getByText('Soon (dialog)').waitFor();
    expect(await focused(page)).toBe('Not yet');
    expect(await dialog.getAttribute('aria-describedby')).not.toBeNull();
    await page.clock.runFor(500);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await letter(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await site.close();
  });

  it('say that a session has ended, over everything', async () => {
    const { site, page } = await entered();
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
    await wake(page);
    await page.getByText('It is over').waitFor();
    await expect.poll(() => focused(page)).toBe('Well');
    await site.close();
  });

  it('are shown while it is not known who is here', async () => {
    const site = await openSite(browser, { pages: fixture });
    site.fails((what) => (what.endsWith('/session-info') ? 'lost' : null));
    const page = await site.open('/?own');
    await page.getByText('Patience').waitFor();
    await site.close();
  });
});
