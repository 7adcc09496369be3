import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { lock, sharedBrowser, openSite } from '../support/browser/site.ts';

const browser = sharedBrowser();

const shown = (page: Page) => page.locator('.curfew-locked .curfew-application');
/** The address of the mark, where it is seen. */
const mark = (page: Page) =>
  shown(page).evaluate((element) => {
    const image = element.querySelector('img');
    return image?.checkVisibility() ? { path: new URL(image.src).pathname, isDrawn: image.naturalWidth > 0 } : null;
  });

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="teal"/></svg>';
const pages = (path: string) =>
  path === '/letters.svg' ? new Response(svg, { headers: { 'Content-Type': 'image/svg+xml' } }) : fixture(path);

async function entered(query = '') {
  const site = await openSite(browser, { pages });
  const page = await site.open(`/?plain&${query}`);
  await enter(page);
  return { site, page };
}

/** What a page says of itself in its head. */
const declare = (page: Page, ...elements: readonly (readonly [tag: string, attributes: object])[]) =>
  page.evaluate((all) => {
    for (const [tag, attributes] of all) document.head.append(Object.assign(document.createElement(tag), attributes));
  }, elements);

describe('the screens in place of the page say whose they are', () => {
  it('by the name and the mark of the reference application, when it is locked and when it has ended', async () => {
    const site = await openSite(browser);
    const page = await site.writing('the key is 4711');
    expect(await page.title()).toBe('Conversation 1 – Curfew');
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await shown(page).textContent()).toBe('Curfew');
    await expect.poll(() => mark(page)).toEqual({ path: expect.stringMatching(/icon.*\.svg$/), isDrawn: true });
    expect(await page.title()).toBe('Signed out – Curfew');
    await site.leap(minutes(25 * 60));
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await shown(page).textContent()).toBe('Curfew');
    await site.close();
  });

  it('by what the page calls its application rather than by its title, and by the best of its icons', async () => {
    const { site, page } = await entered();
    await declare(
      page,
      ['meta', { name: 'application-name', content: 'Letters' }],
      ['link', { rel: 'icon', href: '/small.ico' }],
      ['link', { rel: 'icon', type: 'image/svg+xml', href: '/letters.svg' }],
    );
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await shown(page).textContent()).toBe('Letters');
    await expect.poll(() => mark(page)).toEqual({ path: '/letters.svg', isDrawn: true });
    expect(await page.title()).toBe('Signed out – Letters');
    await site.close();
  });

  it('by its title alone where it says nothing else, with no gap for an icon that cannot be had', async () => {
    const { site, page } = await entered();
    await declare(page, ['link', { rel: 'icon', href: '/nothing.svg' }]);
    await page.evaluate(() => void (document.title = 'Invoice 4711'));
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await shown(page).textContent()).toBe('Fixture');
    await expect.poll(() => mark(page)).toBe(null);
    await site.close();
  });

  it('by what it is given before all of that', async () => {
    const { site, page } = await entered('application=Letters%20of%20Ada');
    await declare(page, ['meta', { name: 'application-name', content: 'Fixture' }]);
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await shown(page).textContent()).toBe('◐Letters of Ada');
    expect(await shown(page).locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Signed out – Letters of Ada');
    await site.close();
  });
});
