import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { meanwhile } from '../support/browser/screens.ts';
import {
  comeBack,
  dialog,
  lock,
  openBrowser,
  openSite,
  passwordField,
  stay,
  toast,
  type OpenBrowser,
} from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const clocks = (page: Page) =>
  page
    .locator('.curfew-clock, .curfew-time-button > span')
    .filter({ visible: true })
    .evaluateAll((all) => all.map(({ textContent }) => textContent));

const looks = (element: Locator, ...names: string[]) =>
  element.evaluate((node, wanted) => wanted.map((name) => getComputedStyle(node).getPropertyValue(name)), names);

describe('the warning', () => {
  it('shows one clock at a time, and says no number below a minute', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).getByText("You'll be signed out in 5 minutes").waitFor();
    await expect.poll(() => clocks(page)).toEqual([expect.stringMatching(/^(5:00|4:59)$/)]);
    await toast(page).getByRole('button', { name: 'Dismiss' }).click();
    await toast(page).waitFor({ state: 'detached' });
    await expect.poll(() => clocks(page)).toHaveLength(1);
    await site.leap(minutes(3));
    await dialog(page).getByText('we will sign you out in 2 minutes').waitFor();
    await expect.poll(() => clocks(page)).toHaveLength(1);
    await site.leap(minutes(1) + seconds(5));
    await dialog(page).getByText('we will sign you out in less than a minute. Your work is saved.').waitFor();
    await expect.poll(() => clocks(page)).toHaveLength(1);
    await site.close();
  });

  it('is not printed, in neither of its stages', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await toast(page).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    expect(await toast(page).isVisible()).toBe(true);
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.curfew-dialog').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('tells of F6 where it is seen, and offers to sign out as a quiet second', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).getByText('F6').waitFor();
    const clear = 'rgba(0, 0, 0, 0)';
    const quiet = async (element: Locator) => {
      expect(await looks(element, 'background-color', 'text-decoration-line')).toEqual([clear, 'underline']);
      const [colour] = await looks(element, 'color');
      expect([colour]).not.toEqual(await looks(page.locator('.app-user'), 'color'));
    };
    await quiet(toast(page).getByRole('button', { name: 'Sign out' }));
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await quiet(dialog(page).getByRole('button', { name: 'Sign out' }));
    await site.close();
  });
});

describe('the locked screen', () => {
  it('shows what is typed as the password, on demand, and hides it again before it is sent', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await passwordField(page).fill('wrong');
    const type = () => passwordField(page).getAttribute('type');
    expect(await type()).toBe('password');
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await type()).toBe('text');
    await page.getByRole('button', { name: 'Hide password' }).click();
    expect(await type()).toBe('password');
    await page.getByRole('button', { name: 'Show password' }).click();
    await lock(page).click();
    await page.getByText("That password isn't right").waitFor();
    expect(await type()).toBe('password');
    await site.close();
  });

  it('knows a way out for a forgotten password, and says of the work here what is done with it', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await page.getByText('Forgot your password?').click();
    await page.getByText('Your work stays saved').waitFor();
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByText('Delete what is saved on this device? It cannot be brought back.').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByLabel('User name').waitFor();
    await site.close();
  });
});

describe('at 360 px', () => {
  const narrow = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' } as const;
  /** How far an element ends above the composer, and above the lower edge, in px. */
  const above = (page: Page, css: string) =>
    page.evaluate((wanted) => {
      const bottom = document.querySelector(wanted)?.getBoundingClientRect().bottom ?? NaN;
      const composer = document.querySelector('.app-composer')?.getBoundingClientRect().top ?? innerHeight;
      return Math.round(composer - bottom);
    }, css);

  it('the first warning and the welcome stand at the lower edge, above the composer', async () => {
    const site = await openSite(browser, { context: narrow });
    const page = await site.writing('Dear Mr Okafor,');
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await expect.poll(() => above(page, '.curfew-toasts')).toBe(16);
    await site.leap(minutes(6));
    await lock(page).waitFor();
    await comeBack(page);
    await page.getByText('Welcome back').waitFor();
    await expect.poll(() => above(page, '.curfew-welcome')).toBe(16);
    await site.leap(seconds(10));
    await page.getByRole('link', { name: 'Curfew', exact: true }).click();
    await site.leap(minutes(26));
    await toast(page).waitFor();
    await expect.poll(() => above(page, '.curfew-toasts')).toBe(16);
    await site.close();
  });
});

describe('signing out', () => {
  it('is confirmed in words in every tab, once', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const beside = await site.tab();
    await beside.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const said = page.getByText('You’re signed out. Nothing of your work is left on this device');
    await said.waitFor();
    await beside.getByText('You signed out.').waitFor();
    await page.reload();
    await page.getByLabel('User name').waitFor();
    expect(await said.count()).toBe(0);
    await beside.getByRole('button', { name: 'Sign in' }).click();
    await beside.getByLabel('User name').waitFor();
    expect(await beside.getByText(/signed out\./).count()).toBe(0);
    await site.close();
  });
});

describe('the pages of the application', () => {
  const primary = (page: Page) =>
    page
      .locator('.curfew-button-primary')
      .filter({ visible: true })
      .evaluateAll((all) => all.map(({ textContent }) => textContent));

  it('say what is meant in plain words, have one thing that comes first, and the inspector under Security', async () => {
    const site = await openSite(browser);
    const page = await site.writing('Dear Mr Okafor,');
    expect(await primary(page)).toEqual(['Send']);
    await page.getByRole('link', { name: 'Curfew', exact: true }).click();
    expect(await primary(page)).toEqual(['New conversation']);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Same as device').waitFor();
    expect(await primary(page)).toEqual([]);
    await page.getByRole('link', { name: 'Security' }).click();
    await meanwhile(site, page.getByLabel('Current password').waitFor());
    await page.getByText('No earlier sign-ins').waitFor();
    expect(await primary(page)).toEqual(['Change password']);
    await page.getByRole('link', { name: 'Inspector' }).click();
    await meanwhile(site, page.getByRole('button', { name: 'Next', exact: true }).waitFor());
    expect(await primary(page)).toEqual([]);
    const pages = page.getByRole('navigation', { name: 'Pages' });
    expect(await pages.locator('[aria-current]').allTextContents()).toEqual(['Security']);
    await page.goto(`${site.url}/inspector`);
    await meanwhile(site, page.getByRole('heading', { name: 'Inspector' }).waitFor());
    await site.close();
  });
});
