import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { openSite, composer, dialog, openBrowser, toast, type OpenBrowser } from '../support/browser/site.ts';

const narrow = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' } as const;
const title = (page: Page) => page.getByLabel('Title', { exact: true });

/** How much of what has the focus lies under the first warning, in px of its height, and what the warning is seen of. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const rectangle = (element: Element | null) => element?.getBoundingClientRect() ?? new DOMRect();
    const [field, over] = [rectangle(document.activeElement), rectangle(document.querySelector('.curfew-toasts'))];
    const wide = Math.min(field.right, over.right) - Math.max(field.left, over.left);
    const high = Math.min(field.bottom, over.bottom) - Math.max(field.top, over.top);
    const { offsetTop, height } = visualViewport ?? { offsetTop: 0, height: innerHeight };
    return {
      covered: wide > 0 && high > 0 ? Math.round(high) : 0,
      isInView: over.height > 0 && over.top >= offsetTop - 1 && over.bottom <= offsetTop + height + 1,
      top: Math.round(over.top),
    };
  });
const isClear = (page: Page) => expect.poll(() => seen(page)).toMatchObject({ covered: 0, isInView: true });

/** Writes at the caret by a script: whoever types extends, and the warning is gone. */
const write = (field: Locator, text: string) =>
  field.evaluate((element: HTMLTextAreaElement | HTMLInputElement, letters) => {
    const at = element.selectionEnd ?? element.value.length;
    element.setRangeText(letters, at, at, 'end');
    element.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);

/** Until the page has been laid out, and whoever watches a size has been told: the last who began to watch is told last. */
const laidOut = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const sizes = new ResizeObserver(() => {
          sizes.disconnect();
          resolve();
        });
        sizes.observe(document.body);
      }),
  );

/** Writes letter by letter, and looks after each where the warning is. @returns each place, once in a row */
async function placesWhileWriting(page: Page, field: Locator, text: string): Promise<number[]> {
  await field.focus();
  const places: number[] = [];
  for (const letter of text) {
    await write(field, letter);
    await laidOut(page);
    const { top } = await seen(page);
    if (places.at(-1) !== top) places.push(top);
  }
  return places;
}

describe('the place of the first warning', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('WCAG 2.4.11 never covers the field that is typed in at 360 px, at the top nor at the foot, and jumps no more than it must', async () => {
    const site = await openSite(browser, { context: narrow });
    const page = await site.writing('Dear Mr Okafor,');
    await page.getByRole('button', { name: 'Rename' }).click();
    await title(page).focus();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await isClear(page);
    expect(await placesWhileWriting(page, title(page), 'The night shift')).toHaveLength(1);
    await isClear(page);

    // It stands above the composer, and moves with it alone: up, as it grows by a line.
    const places = await placesWhileWriting(page, composer(page), '\nthank you\nfor\ncalling\nback');
    expect(places).toEqual(places.toSorted((one, other) => other - one));
    expect(places.length).toBeLessThanOrEqual(4);
    await isClear(page);

    await title(page).focus();
    await isClear(page);
    await site.leap(seconds(1));
    await isClear(page);
    await site.close();
  });

  it('WCAG 2.4.11 stays in the part of the page that is seen, as while a keyboard is shown, beside the field', async () => {
    const site = await openSite(browser, { context: { ...narrow, isMobile: true, hasTouch: true } });
    const page = await site.writing('Dear Mr Okafor,');
    await composer(page).focus();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    const cdp = await site.context.newCDPSession(page);
    await cdp.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1.5 });
    await expect.poll(() => page.evaluate(() => visualViewport?.height ?? 0)).toBeLessThan(600);
    await write(composer(page), ' thank you');
    await isClear(page);
    await site.close();
  });

  it('leaves the warning where it is for a field beside it on a wide page that is written in', async () => {
    const site = await openSite(browser);
    const page = await site.writing('Dear Mr Okafor,');
    await site.leap(minutes(25));
    await toast(page).waitFor();
    const { top } = await seen(page);
    expect(await placesWhileWriting(page, composer(page), 'thank you')).toEqual([top]);
    await page.keyboard.press('F6');
    expect((await seen(page)).top).toBe(top);
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await site.close();
  });
});
