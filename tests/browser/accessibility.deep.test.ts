import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes, presets, seconds } from '../../machines/index.ts';
import { meanwhile } from '../support/browser/screens.ts';
import {
  openSite,
  comeBack,
  dialog,
  lock,
  openBrowser,
  password,
  passwordField,
  stay,
  toast,
  type OpenBrowser,
} from '../support/browser/site.ts';

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
/** Inside a dialog its first action has the focus a moment after it has opened. */
const isOnStay = (page: Page) => expect.poll(() => focused(page)).toBe('Stay signed in');

describe('accessibility', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('WCAG 2.2.1 ten times in a row one key press on what has the focus extends', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    for (let time = 0; time < 10; time++) {
      await site.leap(minutes(28) + seconds(30));
      await isOnStay(page);
      await page.clock.runFor(500);
      await page.keyboard.press('Enter');
      await dialog(page).waitFor({ state: 'detached' });
    }
    expect((await site.log(page)).filter(({ type }) => type === 'session.extended')).toHaveLength(10);
    await site.close();
  });

  it.each(['standard', 'owasp-high', 'nist-aal2', 'nist-aal3', 'pci'] as const)(
    'WCAG 2.2.1 the warning of %s stands there for at least twenty seconds',
    async (preset) => {
      const site = await openSite(browser, { preset });
      const page = await site.signedIn();
      const { idleTimeout, warnBefore } = presets[preset];
      await site.leap(idleTimeout - warnBefore);
      await toast(page).waitFor();
      await site.leap(warnBefore - seconds(20));
      await dialog(page).waitFor();
      await isOnStay(page);
      await page.clock.runFor(500);
      await page.keyboard.press('Enter');
      await dialog(page).waitFor({ state: 'detached' });
      await site.close();
    },
  );

  it('WCAG 2.2.2 nothing but the clock of the warning changes by itself', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28) + seconds(5));
    await dialog(page).waitFor();
    await site.tick(1);
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          if (!element?.closest('[role=timer], .curfew-time')) seen.push(element?.outerHTML ?? '');
        }
      }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await site.tick(20);
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
    await site.close();
  });

  it('WCAG 2.2.6 the duration is told at sign-in, and the work is there after twenty hours', async () => {
    const site = await openSite(browser);
    const door = await site.open();
    await door
      .getByText(
        'For your security we sign you out after 30 minutes without activity. Your work is kept on this device for 24 hours.',
      )
      .waitFor();
    await door.close();
    const page = await site.writing('yesterday');
    await site.leap(hours(20));
    await lock(page).waitFor();
    await comeBack(page);
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'yesterday');
    await site.close();
  });

  it('WCAG 3.3.7 3.3.8 the locked screen has the user name already, for password managers too, and takes a paste', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    const name = page.getByLabel('User name');
    expect(await name.inputValue()).toBe('ada');
    expect(await name.getAttribute('autocomplete')).toBe('username');
    expect(await passwordField(page).getAttribute('autocomplete')).toBe('current-password');
    const taken = await passwordField(page).evaluate((field) => {
      const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
      return field.dispatchEvent(paste);
    });
    expect(taken).toBe(true);
    const cdp = await site.context.newCDPSession(page);
    await passwordField(page).focus();
    await cdp.send('Input.insertText', { text: password });
    await lock(page).click();
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('WCAG 2.1.2 2.4.3 Escape means to stay, however often, and a click outside means nothing', async () => {
    const site = await openSite(browser);
    const page = await site.writing('stays');
    await site.leap(minutes(29));
    await isOnStay(page);
    await page.clock.runFor(500);
    site.fails((what) => (what.endsWith('/refresh') ? 'error' : null));
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press('Escape');
      await dialog(page).getByRole('button', { name: 'Try again' }).waitFor();
    }
    await page.mouse.click(5, 5);
    expect(await dialog(page).evaluate((element: HTMLDialogElement) => element.open)).toBe(true);
    site.fails(() => null);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('WCAG 2.4.11 what has the focus is not covered by the first warning', async () => {
    const site = await openSite(browser, { context: { viewport: { width: 360, height: 640 } } });
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    const covered: string[] = [];
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        const region = document.querySelector('.curfew-toast');
        if (!element || !region || element === document.body || region.contains(element)) return null;
        const [box, over] = [element.getBoundingClientRect(), region.getBoundingClientRect()];
        const isWhollyUnder =
          box.left >= over.left && box.right <= over.right && box.top >= over.top && box.bottom <= over.bottom;
        return isWhollyUnder ? (element.textContent ?? '') : null;
      });
      if (name !== null) covered.push(name);
    }
    expect(covered).toEqual([]);
    await site.close();
  });

  it('WCAG 1.4.10 1.4.12 the dialog fits at 320 px with text of 200 % and wide spacing, and can be answered', async () => {
    const site = await openSite(browser, { context: { viewport: { width: 320, height: 480 } } });
    const page = await site.signedIn();
    await page
      .addStyleTag({
        content: `html { font-size: 200% } * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }`,
      })
      .catch(() => {});
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await site.leap(minutes(29));
    await dialog(page).waitFor();
    const overflow = await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await stay(page).scrollIntoViewIfNeeded();
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('WCAG 2.3.3 nothing moves for those who asked for that', async () => {
    const site = await openSite(browser, { context: { reducedMotion: 'reduce' } });
    const page = await site.signedIn();
    const running = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
    await site.leap(minutes(25));
    await toast(page).waitFor();
    expect(await running()).toBe(0);
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    expect(await running()).toBe(0);
    await site.close();
  });

  it('WCAG 2.5.8 every target of the warning and the locked screen is at least 24 px high and wide', async () => {
    const site = await openSite(browser, { context: { viewport: { width: 360, height: 640 } } });
    const page = await site.signedIn();
    const small = (inside: string) =>
      page
        .locator(inside)
        .locator('button, input')
        .evaluateAll((all) =>
          all
            .map((each) => each.getBoundingClientRect())
            .filter(({ width, height }) => width < 24 || height < 24)
            .map(({ width, height }) => `${width} × ${height}`),
        );
    await site.leap(minutes(25));
    await toast(page).waitFor();
    expect(await small('.curfew-toast')).toEqual([]);
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    expect(await small('dialog')).toEqual([]);
    await site.leap(minutes(3));
    await lock(page).waitFor();
    expect(await small('.curfew-locked')).toEqual([]);
    await site.close();
  });

  it('WCAG 4.1.2 the dialog is an alertdialog with a name and a description, and the document says so in its title', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    const box = page.getByRole('alertdialog', { name: "You're about to be signed out" });
    await box.waitFor();
    const described = await box.evaluate(
      (element) => document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent,
    );
    expect(described).toBe('For your security, we will sign you out in 2 minutes. Your work is saved.');
    expect(await page.title()).toMatch(/^Signing out soon – /);
    await stay(page).click();
    await box.waitFor({ state: 'detached' });
    await expect.poll(() => page.title()).not.toMatch(/Signing out soon/);
    await site.close();
  });

  it('WCAG 4.1.3 is spoken on opening, at 2 and 1 minutes, 30 and 20 seconds politely, at 10 urgently, and at no other time', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(window, { spoken });
      const live = '[role=status].curfew-spoken, [aria-live=assertive].curfew-spoken';
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const node = (target instanceof Element ? target : target.parentElement)?.closest(live);
          const text = node?.textContent?.trim();
          if (text) spoken.push(`${node?.getAttribute('aria-live') ?? 'polite'}: ${text}`);
        }
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await site.leap(minutes(25) - seconds(2));
    await site.tick(5);
    await toast(page).waitFor();
    await site.leap(minutes(2));
    await site.tick(175);
    const spoken = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
    expect(spoken).toEqual([
      "polite: You'll be signed out in 5 minutes because you haven't been active.",
      'polite: You will be signed out in 1 minute.',
      'polite: You will be signed out in 30 seconds.',
      'polite: You will be signed out in 20 seconds.',
      'assertive: You will be signed out in 10 seconds.',
    ]);
    await site.close();
  });

  it('ASVS 7.4.4 there is a way to sign out on the first warning, in the dialog, and on every page', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    for (const link of ['Settings', 'Security', 'Inspector']) {
      await meanwhile(site, page.getByRole('link', { name: link }).waitFor());
      await page.getByRole('link', { name: link }).click();
      expect(await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).count()).toBe(1);
    }
    await site.leap(minutes(25));
    await toast(page).getByRole('button', { name: 'Sign out' }).waitFor();
    await site.leap(minutes(3));
    await dialog(page).getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User name').waitFor();
    await site.close();
  });
});
