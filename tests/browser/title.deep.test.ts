import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openSite, comeBack, dialog, hide, lock, sharedBrowser, show, stay, toast } from '../support/browser/site.ts';

const browser = sharedBrowser();

/** Fails soon where a page hangs, which says nothing any more. */
const answers = (page: Page) => page.waitForFunction(() => true, null, { timeout: 20_000 });

/** Extensions that see to it that a tab is called what they want, as some do that number or rename tabs. */
const insistences = {
  'keeps a name of its own': () => {
    if (document.title !== 'My tab') document.title = 'My tab';
  },
  'counts before the title': () => {
    if (!document.title.startsWith('(3) ')) document.title = `(3) ${document.title}`;
  },
  'counts behind the title': () => {
    if (!document.title.endsWith(' (3)')) document.title += ' (3)';
  },
};

describe('the title of the tab', () => {
  it.each(Object.entries(insistences))('does not hang the page where an extension %s', async (_, insist) => {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open();
    await enter(page);
    await page.evaluate(`const put = ${insist.toString()};
      put();
      new MutationObserver(put).observe(document.head, { childList: true, subtree: true, characterData: true });`);
    await site.leap(minutes(25));
    await answers(page);
    await toast(page).waitFor();
    await site.leap(minutes(6));
    await answers(page);
    await lock(page).waitFor();
    expect((await page.title()).length).toBeLessThan(60);
    await comeBack(page);
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('has the words of each of two providers once, and is what it was afterwards', async () => {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open('/?beside');
    await page.getByRole('button', { name: 'Enter' }).first().click();
    await page.getByLabel('Letter').first().waitFor();
    await page.reload();
    await page.getByLabel('Letter').nth(1).waitFor();
    const before = await page.title();
    await site.leap(minutes(25));
    await answers(page);
    await toast(page).first().waitFor();
    const title = await page.title();
    expect(title.match(/Signing out soon – /g)).toHaveLength(1);
    expect(title.match(/Bald abgemeldet – /g)).toHaveLength(1);
    await site.leap(minutes(3));
    await dialog(page).first().waitFor();
    await stay(page).last().click();
    await dialog(page).first().waitFor({ state: 'detached' });
    expect(await page.title()).toBe(before);
    await site.close();
  });

  it('counts down while the tab is hidden and warned, and is what it was afterwards', async () => {
    const site = await openSite(browser);
    const page = await site.writing('Dear Mr Okafor,');
    const before = await page.title();
    await hide(page);
    expect(await page.title()).toBe(before);
    await site.leap(minutes(25));
    await expect.poll(() => page.title()).toMatch(/^(5:00|4:59) – Signing out soon – Conversation 1 – Curfew$/);
    await site.leap(seconds(30));
    await expect.poll(() => page.title()).toMatch(/^(4:30|4:29) – Signing out soon – Conversation 1 – Curfew$/);
    await page.evaluate(() => void (document.title = document.title.replace('Conversation 1', 'Conversation 2')));
    await site.leap(minutes(3));
    await expect.poll(() => page.title()).toMatch(/^(1:30|1:29) – Signing out soon – Conversation 2 – Curfew$/);
    await show(page);
    await expect.poll(() => page.title()).toBe('Signing out soon – Conversation 2 – Curfew');
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    expect(await page.title()).toBe('Conversation 2 – Curfew');
    await site.close();
  });

  it('is left alone, in a hidden tab, too, once something else has insisted on another one', async () => {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open();
    await enter(page);
    await page.evaluate(() => {
      const insisting = { times: 0 };
      const put = () => {
        if (document.title === 'My tab') return;
        document.title = 'My tab';
        insisting.times += 1;
      };
      put();
      new MutationObserver(put).observe(document.head, { childList: true, subtree: true, characterData: true });
      Object.assign(window, { insisting });
    });
    await hide(page);
    await site.leap(minutes(25));
    await site.tick(30);
    await answers(page);
    expect(await page.title()).toBe('My tab');
    expect(await page.evaluate('insisting.times')).toBeLessThan(15);
    await site.close();
  });
});
