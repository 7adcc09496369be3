import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { dialog, lock, openSite, sharedBrowser, stay, toast } from '../support/browser/site.ts';

const browser = sharedBrowser();

async function entered(path: string) {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open(path);
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await enter(page);
  return { site, page, errors };
}

/** Something of the page fills the screen. */
const fill = (page: Page) =>
  page.evaluate(async () => {
    const board = document.querySelector('#board') ?? document.body.appendChild(document.createElement('section'));
    board.id = 'board';
    board.innerHTML = '<p>A film</p>';
    await board.requestFullscreen();
  });

const unfill = (page: Page) => page.evaluate(() => document.exitFullscreen());

/** Where the first warning is, and whether it is what is seen there. */
const seen = (page: Page, css = '.curfew-toasts') =>
  page.evaluate((wanted) => {
    const element = document.querySelector(wanted);
    const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return { isOnTop: element?.contains(there), box: [left, top, width, height].map(Math.round) };
  }, css);

describe('the first warning, where something fills the screen', () => {
  it('is seen above it, whichever came first, can be answered there, and stands where it always does', async () => {
    const { site, page, errors } = await entered('/?plain');
    await site.leap(minutes(25));
    await toast(page).waitFor();
    const { box } = await seen(page);
    await fill(page);
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await unfill(page);
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await fill(page);
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await page.keyboard.press('F6');
    expect(await stay(page).evaluate((button) => button === document.activeElement)).toBe(true);
    await stay(page).click();
    await toast(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.fullscreenElement?.id)).toBe('board');

    await site.leap(minutes(25));
    await toast(page).waitFor();
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await page.evaluate(() => document.querySelector('#board')?.replaceChildren());
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    expect(await seen(page, '.curfew-dialog')).toMatchObject({ isOnTop: true });
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await site.close();
  });

  it('is seen above what shows nothing but itself, as a video', async () => {
    const { site, page } = await entered('/?plain');
    await page.evaluate(async () => {
      const film = document.body.appendChild(document.createElement('video'));
      await film.requestFullscreen();
    });
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await expect
      .poll(() => page.locator('.curfew-toasts').evaluate((host) => host.matches(':popover-open')))
      .toBe(true);
    const { box } = await seen(page);
    await unfill(page);
    await expect.poll(() => seen(page)).toEqual({ isOnTop: true, box });
    await site.close();
  });

  it('is gone with everything else at the lock', async () => {
    const { site, page } = await entered('/?plain');
    await fill(page);
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await site.leap(minutes(6));
    await lock(page).waitFor();
    await expect.poll(() => page.locator('.curfew-toasts').count()).toBe(0);
    await site.close();
  });

  it('is seen where it looks as the application wants', async () => {
    const { site, page } = await entered('/?plain&own');
    await fill(page);
    await site.leap(minutes(25));
    await page.getByRole('button', { name: 'Not yet' }).waitFor();
    await expect.poll(() => seen(page, 'section[data-curfew-warning]')).toMatchObject({ isOnTop: true });
    await page.getByRole('button', { name: 'Not yet' }).click();
    await page.getByRole('button', { name: 'Not yet' }).waitFor({ state: 'detached' });
    await site.close();
  });
});
