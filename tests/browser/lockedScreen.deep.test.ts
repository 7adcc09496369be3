import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openSite, lock, sharedBrowser, password, passwordField, sessionOf, wake } from '../support/browser/site.ts';

const browser = sharedBrowser();

const secret = 'the key is 4711';
const locked = (page: Page) => page.locator('.curfew-locked');

async function entered() {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open();
  await enter(page);
  return { site, page };
}

/** Puts before a page what an application or a script of somebody else may put there, each with a secret in it. */
const coverPage = (page: Page) =>
  page.evaluate((text) => {
    const put = (tag: string): HTMLElement => {
      const element = document.createElement(tag);
      element.className = 'foreign';
      element.append(text);
      document.body.append(element);
      return element;
    };
    put('div').style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: white; color: black';
    put('div').style.cssText = 'position: fixed; inset: 0; display: block !important; visibility: visible';
    put('aside').setAttribute('aria-hidden', 'false');
    put('p').inert = true;
    const toast = put('output');
    toast.popover = 'manual';
    toast.showPopover();
    const dialog = put('dialog') as HTMLDialogElement;
    dialog.style.transition = 'display 3600s allow-discrete, overlay 3600s allow-discrete';
    dialog.showModal();
    document.body.append(text);
  }, secret);

/** How each foreign thing is marked and shown, as far as a page can tell. */
const foreign = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.foreign')].map((element) => ({
      html: element.outerHTML,
      display: getComputedStyle(element).display,
      isModal: element.matches(':modal'),
      isPopover: element.matches(':popover-open'),
    })),
  );

/** Everything outside the locked screen that can be seen, touched or heard. */
async function readable(page: Page): Promise<readonly string[]> {
  const seen = await page.evaluate(() => {
    const isHere = (element: Element) => element.closest('.curfew-locked') !== null;
    const shown = [...document.querySelectorAll('body *')]
      .filter((element) => !isHere(element) && !element.querySelector('.curfew-locked'))
      .filter((element) =>
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true }),
      )
      .map((element) => `shows ${element.outerHTML.slice(0, 60)}`);
    const touched = [0.02, 0.5, 0.98]
      .flatMap((x) => [0.02, 0.5, 0.98].map((y) => document.elementFromPoint(x * innerWidth, y * innerHeight)))
      .filter((element) => !element || !isHere(element))
      .map((element) => `is touched at ${element?.outerHTML.slice(0, 60)}`);
    return [...shown, ...touched];
  });
  const tree = await page.locator('html').ariaSnapshot();
  const text = await page.locator('body').innerText();
  return [...seen, ...[tree, text].filter((words) => words.includes(secret))];
}

describe.each(['Radix', 'React Aria', 'Base UI', 'native'])('the locked screen over an open modal of %s', (name) => {
  it('hides it in the same frame, while the server is being asked, and takes the password by keyboard', async () => {
    const { site, page } = await entered();
    await page.getByRole('button', { name: `Open ${name}`, exact: true }).click();
    await page.getByLabel(`Inside ${name}`, { exact: true }).fill(secret);
    browser.network.holds();
    await site.leap(minutes(31));
    await locked(page).waitFor();
    expect(await readable(page)).toEqual([]);

    await browser.network.releases();
    await lock(page).waitFor();
    expect(await readable(page)).toEqual([]);
    await expect.poll(() => passwordField(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });
});

describe('the locked screen', () => {
  it('Promise 5: hides what anybody else has put before the page, at once, and leaves each as it was', async () => {
    const { site, page } = await entered();
    await coverPage(page);
    const before = await foreign(page);
    await page.evaluate(() => {
      const shown: boolean[] = [];
      Object.assign(window, { shown });
      new MutationObserver(() => {
        if (document.querySelector('.curfew-locked'))
          shown.push(
            [...document.querySelectorAll('.foreign')].some((each) =>
              each.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
            ),
          );
      }).observe(document, { subtree: true, childList: true });
    });
    await site.leap(minutes(31));
    await lock(page).waitFor();
    const shown = await page.evaluate(() => (window as unknown as { shown: boolean[] }).shown);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown).not.toContain(true);
    expect(await readable(page)).toEqual([]);

    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await locked(page).waitFor({ state: 'detached' });
    expect(await foreign(page)).toEqual(before);
    await site.close();
  });

  it('hides what comes later, and keeps the focus, the selection and the keyboard from it', async () => {
    const { site, page } = await entered();
    await site.leap(minutes(31));
    await passwordField(page).fill(password);
    await passwordField(page).evaluate((field: HTMLInputElement) => field.setSelectionRange(2, 5));
    await coverPage(page);
    expect(await readable(page)).toEqual([]);
    expect(
      await passwordField(page).evaluate((field: HTMLInputElement) => [
        field === document.activeElement,
        field.selectionStart,
        field.selectionEnd,
      ]),
    ).toEqual([true, 2, 5]);
    await page.keyboard.press('Enter');
    await locked(page).waitFor({ state: 'detached' });
    expect((await foreign(page)).filter(({ isModal, isPopover }) => isModal || isPopover)).toHaveLength(2);
    await site.close();
  });

  it('stays when it is closed with Escape or by another script, and when another script hides it from the keyboard', async () => {
    const { site, page } = await entered();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Escape');
    await locked(page).evaluate((dialog: HTMLDialogElement) => dialog.close());
    await locked(page).evaluate((dialog: HTMLElement) => {
      dialog.inert = true;
      dialog.ariaHidden = 'true';
    });
    expect(await locked(page).evaluate((dialog) => dialog.matches(':modal'))).toBe(true);
    await passwordField(page).click();
    await page.keyboard.type(password);
    await lock(page).click();
    await locked(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('does not hang when another script insists on being on top', async () => {
    const { site, page } = await entered();
    await page.evaluate(() => {
      const dialog = document.createElement('dialog');
      document.body.append(dialog);
      dialog.showModal();
      new MutationObserver((changes) => {
        if (changes.every(({ target }) => target === dialog)) return;
        dialog.close();
        dialog.showModal();
      }).observe(document, { subtree: true, attributeFilter: ['open'] });
    });
    await site.leap(minutes(31));
    await page.waitForFunction(() => document.querySelector('.curfew-locked') !== null, null, { timeout: 20_000 });
    await site.close();
  });

  it('says over everything, too, that a session was ended elsewhere', async () => {
    const { site, page } = await entered();
    await coverPage(page);
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
    await wake(page);
    await page.getByText('You were signed out from another device').waitFor();
    expect(await readable(page)).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Sign in');
    await site.close();
  });
});
