import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { looks } from '../support/browser/axe.ts';
import { userOn } from '../support/browser/user.ts';
import { textsIn } from '../support/browser/colours.ts';
import { meanwhile } from '../support/browser/screens.ts';
import {
  openSite,
  dialog,
  lock,
  openBrowser,
  passwordField,
  toast,
  type OpenBrowser,
} from '../support/browser/site.ts';

/** Everything about an element that can be told without seeing any colour, but for its words. */
const shape = (element: Locator) =>
  element.evaluate((found) => {
    const shapeOf = (pseudo?: string) => {
      const style = getComputedStyle(found, pseudo);
      const { content, fontWeight, textDecorationLine, borderWidth, strokeWidth, width, height } = style;
      const isPart = pseudo !== undefined;
      return isPart
        ? [content, content !== 'none' && [width, height]]
        : [fontWeight, textDecorationLine, borderWidth, strokeWidth];
    };
    const isChecked = found.querySelector('input')?.checked;
    return JSON.stringify([shapeOf(), shapeOf('::before'), shapeOf('::after'), isChecked]);
  });

describe('colour', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('WCAG 1.4.1 is never the only sign of what is here, chosen, linked, active or wrong', async () => {
    const site = await openSite(browser);
    const page = await site.writing('a draft');
    await userOn(page).startConversation();
    const isTold = async (one: Locator, other: Locator) => expect(await shape(one)).not.toBe(await shape(other));
    const conversations = page.getByRole('navigation', { name: 'Conversations' });
    await isTold(conversations.locator('[aria-current]'), conversations.locator('a:not([aria-current])'));
    await page.getByRole('link', { name: 'Settings' }).click();
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await isTold(pages.locator('[aria-current]'), pages.locator('a:not([aria-current])').first());
    const choices = page.getByRole('group', { name: 'Theme' }).locator('label');
    await isTold(choices.filter({ has: page.locator(':checked') }), choices.filter({ hasText: 'Dark' }));
    await page.getByRole('link', { name: 'Security' }).click();
    await meanwhile(site, page.getByRole('link', { name: 'Inspector' }).waitFor());
    await page.getByRole('link', { name: 'Inspector' }).click();
    const states = page.locator('.app-chart').first();
    await meanwhile(site, states.locator('[data-active="true"]').first().waitFor());
    await isTold(
      states.locator('[data-active="true"] > rect').first(),
      states.locator('[data-active="false"] > rect').first(),
    );
    const link = page.getByRole('link', { name: 'Watch it live' });
    expect(await link.evaluate((element) => getComputedStyle(element).textDecorationLine)).toBe('underline');
    await site.leap(minutes(25));
    await toast(page).waitFor();
    expect(await page.getByRole('button', { name: 'Time left' }).textContent()).toMatch(/^\d:\d\d$/);
    await site.leap(minutes(6));
    await passwordField(page).fill('wrong');
    await lock(page).click();
    await page.getByRole('alert').getByText("That password isn't right").waitFor();
    expect(await passwordField(page).getAttribute('aria-invalid')).toBe('true');
    await site.close();
  });

  it.each(looks)(
    'WCAG 1.4.3 1.4.6 of every text of the dialog is far enough from its ground in $name',
    async (look) => {
      const { colorScheme, width } = look;
      const context = { colorScheme, contrast: look.contrast, viewport: { width, height: 720 } } as const;
      const site = await openSite(browser, { context });
      const page = await site.signedIn();
      await site.leap(minutes(28));
      await dialog(page).waitFor();
      const texts = await textsIn(page, 'dialog');
      expect(texts.map(({ text }) => text)).toEqual([
        '2:00',
        "You're about to be signed out",
        'For your security, we will sign you out in 2 minutes. Your work is saved.',
        'Stay signed in',
        'Sign out',
      ]);
      for (const { text, contrast, isLarge } of texts) expect(contrast, text).toBeGreaterThanOrEqual(isLarge ? 4.5 : 7);
      await site.close();
    },
  );
});
