import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import {
  comeBack,
  lock,
  openBrowser,
  openSite,
  password,
  toast,
  type OpenBrowser,
  type SiteOptions,
} from '../support/browser/site.ts';
import { userOn } from '../support/browser/user.ts';

const legend = 'How long before you are signed out we tell you';
const choices = (page: Page, name = legend) => page.getByRole('group', { name });

/** The limits of this sign-in, in the settings. */
const told = (page: Page, before: string) => page.getByRole('row', { name: `You are told before that ${before}` });

/** Opens the settings, chooses by what it is called, and waits until it is saved. */
async function choose(page: Page, name: string) {
  await page.getByRole('link', { name: 'Settings' }).click();
  const isSaved = page.waitForResponse((response) => response.request().method() === 'PUT');
  await page.getByRole('radio', { name }).check();
  await (await isSaved).finished();
}

describe('a longer warning that a user chooses', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  const begin = async (options: SiteOptions = {}) => {
    const site = await openSite(browser, options);
    return { site, page: await site.signedIn() };
  };

  it('is not shorter than usual, counts from the next sign-in, and then comes earlier, though nobody is signed out later', async () => {
    const { site, page } = await begin();
    await page.getByRole('link', { name: 'Settings' }).click();
    await choices(page).waitFor();
    expect(await choices(page).getByRole('radio').count()).toBe(3);
    expect(await page.getByRole('radio', { name: 'As usual: 5 minutes before' }).isChecked()).toBe(true);
    await choose(page, '10 minutes before');
    await page.getByText('What you choose counts from the next time you sign in.').waitFor();
    await told(page, '5 minutes').waitFor();
    await site.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Settings' }).click();
    await told(page, '10 minutes').waitFor();
    await site.leap(minutes(20) - seconds(5));
    expect(await toast(page).count()).toBe(0);
    await site.leap(seconds(10));
    await toast(page).getByText("You'll be signed out in 10 minutes because you haven't been active.").waitFor();
    await site.leap(minutes(10) - seconds(10));
    expect(await lock(page).count()).toBe(0);
    await site.leap(seconds(10));
    await lock(page).waitFor();
    await site.close();
  });

  it('counts from signing in again at the locked screen, too', async () => {
    const { site, page } = await begin();
    await choose(page, '15 minutes before');
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await comeBack(page);
    await page.getByText('Welcome back').waitFor();
    await told(page, '15 minutes').waitFor();
    await site.leap(minutes(15) + seconds(2));
    await toast(page).waitFor();
    await site.close();
  });

  it('speaks the language that was chosen, and says which', async () => {
    const { site, page } = await begin();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Deutsch').check();
    const own = choices(page, 'Wie lange vor der Abmeldung wir Bescheid geben');
    await own.getByText('Wie üblich: 5 Minuten vorher').waitFor();
    expect(await own.getByRole('radio', { name: '10 Minuten vorher' }).count()).toBe(1);
    expect(await own.evaluate((element) => element.closest('[lang]')?.getAttribute('lang'))).toBe('de');
    await site.close();
  });

  it('is not offered where half the time without activity leaves no longer one', async () => {
    const { site, page } = await begin({ policy: { idleTimeout: minutes(9) } });
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('checkbox', { name: 'Play a short sound' }).waitFor();
    await site.network.quiet();
    expect(await choices(page).count()).toBe(0);
    await site.close();
  });
});
