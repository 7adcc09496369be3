import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { fixture } from '../support/browser/fixture.ts';
import { comeBack, dialog, lock, sharedBrowser, openSite, stay, toast } from '../support/browser/site.ts';

const browser = sharedBrowser();

async function opened(query: string) {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open(`/?plain&${query}`);
  return { site, page, letter: page.getByLabel('Letter') };
}
const enters = (page: Page) => page.getByRole('button', { name: 'Enter' }).click();
const boxOf = async (page: Page, css: string) => {
  const box = await page.locator(css).first().boundingBox();
  if (!box) throw new Error(`${css} is not seen`);
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
};

describe('the parts where nobody thought of them', () => {
  it.each([
    ['in a shadow root', 'shadow'],
    ['on a page without our style sheet', 'unstyled'],
  ])('%s are plain but whole: warned, answered, locked, and everything is back', async (_, query) => {
    const { site, page, letter } = await opened(query);
    if (query === 'unstyled')
      await page.evaluate(() => document.querySelectorAll('link,style').forEach((each) => each.remove()));
    await enters(page);
    await letter.fill('Dear Charles,');
    await site.leap(minutes(1));
    const ring = await boxOf(page, '.curfew-time svg');
    expect(ring.width).toBeLessThanOrEqual(40);
    expect(
      await page
        .locator('.curfew-time svg')
        .evaluate((svg) => getComputedStyle(svg.querySelector('circle') ?? svg).fill),
    ).toBe('none');
    await letter.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(2, 4));
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    const at = () =>
      letter.evaluate((field: HTMLTextAreaElement) => {
        const root = field.getRootNode();
        const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
        return [active === field, field.selectionStart, field.selectionEnd];
      });
    expect(await at()).toEqual([true, 2, 4]);
    await site.leap(minutes(2.5));
    await dialog(page).waitFor();
    await stay(page).last().click();
    await dialog(page).waitFor({ state: 'detached' });
    expect(await at()).toEqual([true, 2, 4]);
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await letter.waitFor({ state: 'detached' });
    await comeBack(page);
    await letter.waitFor();
    expect(await letter.inputValue()).toBe('Dear Charles,');
    await site.close();
  });
});

describe('words', () => {
  it('from right to left have their clock, their text and their cross each in a place of its own', async () => {
    const { site, page } = await opened('language=ar');
    await enters(page);
    await page.getByLabel('Letter').waitFor();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    const [clock, text, cross, whole] = await Promise.all(
      ['.curfew-clock', '.curfew-toast-text', '.curfew-dismiss', '.curfew-toasts'].map((css) =>
        boxOf(page, `.curfew-toasts ${css}`.replace('.curfew-toasts .curfew-toasts', '.curfew-toasts')),
      ),
    );
    expect(await page.locator('.curfew-toasts').evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    // The clock is where reading begins, and the cross where it ends.
    expect(clock!.x).toBeGreaterThan(text!.x);
    expect(cross!.right).toBeLessThan(clock!.x);
    expect(whole!.x).toBeLessThan(40);
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    expect(await dialog(page).evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    await site.close();
  });

  it('in a language that is none are refused when the provider is made, in one line', async () => {
    const { site, page } = await opened('language=en_US');
    await page.getByText('messages.language must be a tag such as en-US, and is "en_US"').waitFor();
    await site.close();
  });

  it('do not break on a language of the browser that is none', async () => {
    const site = await openSite(browser, { pages: fixture });
    await site.context.addInitScript(() =>
      Object.defineProperty(navigator, 'languages', { value: ['en-US@posix', 'C', 'en'] }),
    );
    const page = await site.open('/?plain');
    await enters(page);
    await page.getByLabel('Letter').waitFor();
    await page.getByRole('button', { name: 'Time left' }).click();
    await page.getByText('You stay signed in while you are active').waitFor();
    await site.close();
  });
});
