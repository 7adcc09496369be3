import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../machines/index.ts';
import {
  openSite,
  comeBack,
  composer,
  dialog,
  lock,
  openBrowser,
  password,
  passwordField,
  stay,
  toast,
  type OpenBrowser,
  type SiteOptions,
} from '../support/browser/site.ts';

const policy = { absoluteTimeout: minutes(60), tokenLifetime: minutes(60) };

describe('the absolute limit', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  /** Somebody who has been busy all along, and is five minutes before the end. */
  async function busy(options: SiteOptions = { policy }) {
    const site = await openSite(browser, options);
    const page = await site.writing('all day long');
    for (let step = 0; step < 3; step++) {
      await site.leap(minutes(18));
      await site.act(page);
    }
    await site.leap(seconds(57));
    await toast(page).waitFor();
    return { site, page };
  }

  it('is told in other words, offers no button that could not keep its word, and a way on', async () => {
    const { site, page } = await busy();
    await toast(page).getByText("You'll be signed out in 5 minutes because you signed in almost 1 hour ago.").waitFor();
    expect(await stay(page).count()).toBe(0);
    await toast(page).getByRole('button', { name: 'Sign in again' }).waitFor();
    await site.leap(minutes(3));
    await dialog(page).getByText("This can't be put off, but you can sign in again now and go on.").waitFor();
    expect(await stay(page).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await dialog(page).count()).toBe(1);
    await site.close();
  });

  it('signing in again before the end goes in place: the page stays, and both clocks begin anew', async () => {
    const { site, page } = await busy();
    await toast(page).getByRole('button', { name: 'Sign in again' }).click();
    await passwordField(page).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText("That password isn't right").waitFor();
    await passwordField(page).fill(password);
    await page.keyboard.press('Enter');
    await toast(page).waitFor({ state: 'detached' });
    expect(await composer(page).inputValue()).toBe('all day long');
    await site.leap(minutes(10));
    expect(await dialog(page).or(toast(page)).or(lock(page)).count()).toBe(0);
    const { length } = (await site.log(page)).filter(({ type }) => type === 'user.reauthenticated');
    expect(length).toBe(1);
    await site.close();
  });

  it('in the dialog the password has the focus, and one who types it goes on', async () => {
    const { site, page } = await busy();
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await composer(page).inputValue()).toBe('all day long');
    await site.close();
  });

  it('is no dead end: after it the locked screen says why, and everything comes back', async () => {
    const { site, page } = await busy();
    await site.leap(minutes(6));
    await page.getByText('We signed you out because you signed in 1 hour ago.').waitFor();
    await comeBack(page);
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'all day long');
    await site.close();
  });

  it('is no dead end where it cannot be resumed: the end says why, leads to the sign-in, and the work comes back', async () => {
    const { site, page } = await busy({ policy: { ...policy, restoreFrom: ['idle'] } });
    await site.leap(minutes(6));
    await page.getByText('What was saved comes back when you sign in again.').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('User name').fill('ada');
    await passwordField(page).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'all day long');
    await site.close();
  });

  it('the end of the restore window is an end that says so', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await site.leap(hours(24));
    await page.getByText('You were away for a long time, so you need to sign in again.').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await site.close();
  });
});
