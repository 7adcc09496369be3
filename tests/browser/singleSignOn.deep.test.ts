import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import {
  continueThere,
  isSameDocument,
  lapse,
  openedBy,
  openSiteWith,
  placeIn,
  signInByProvider,
  signInThere,
  welcome,
  writing,
} from '../support/browser/singleSignOn.ts';
import { meanwhile } from '../support/browser/screens.ts';
import { composer, openBrowser, type OpenBrowser } from '../support/browser/site.ts';
import { startProvider, type TestProvider } from '../support/oidc/provider.ts';

let opened: OpenBrowser;
let provider: TestProvider;
beforeAll(async () => {
  [opened, provider] = await Promise.all([openBrowser(), startProvider()]);
});
afterAll(async () => {
  await opened?.close();
  await provider?.stop();
});

describe('single sign-on', () => {
  it('restores by a window whose ties the provider has cut', async () => {
    const site = await openSiteWith(opened, provider);
    await provider.set({ coop: true });
    const page = await writing(site);
    const before = await placeIn(page);
    await lapse(site, page);
    const popup = await openedBy(page, () => continueThere(page).click());
    expect(await popup.evaluate(() => globalThis.opener)).toBeNull();
    await signInThere(popup);
    await welcome(page);
    expect(await isSameDocument(page)).toBe(true);
    expect(await placeIn(page)).toEqual(before);
    await site.close();
  });

  it('restores by leaving the page where the browser opens no window: route, text, caret and scroll are back', async () => {
    const site = await openSiteWith(opened, provider);
    // As a browser does that blocks windows.
    await site.context.addInitScript(() => {
      window.open = () => null;
    });
    const page = await writing(site);
    const before = await placeIn(page);
    const route = page.url();
    await lapse(site, page);
    await continueThere(page).click();
    await signInThere(page);
    await page.waitForURL(route);
    await composer(page).waitFor();
    expect(await isSameDocument(page)).toBe(false);
    await expect.poll(() => placeIn(page)).toEqual(before);
    const said = page.getByRole('status').filter({ hasText: 'Welcome back. Everything is where you left it.' });
    await said.waitFor();
    await site.leap(seconds(9));
    await said.waitFor({ state: 'detached' });
    await page.reload();
    await composer(page).waitFor();
    await site.rest();
    expect(await said.count()).toBe(0);
    await site.close();
  });

  it('welcomes nobody back who came in by the front door', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await site.open();
    await signInByProvider(page);
    await site.rest();
    expect(await page.getByText('Welcome back').count()).toBe(0);
    await site.close();
  });

  it('restores nothing by a provider that answers silently, and says so', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await writing(site);
    await lapse(site, page);
    await provider.set({ silent: true });
    const popup = await openedBy(page, () => continueThere(page).click());
    await page.getByText('You were not asked to sign in there.').waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
    expect(await composer(page).count()).toBe(0);
    await provider.set({ silent: false });
    const again = await openedBy(page, () => continueThere(page).click());
    await signInThere(again);
    await welcome(page);
    await site.close();
  });

  it('says on the sign-in page that it did not work, and afterwards goes on where the user wanted to be', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await site.open('/settings?from=mail#look');
    const route = page.url();
    const failed = page.getByRole('alert').filter({ hasText: "That didn't work. Please try again." });
    await continueThere(page).click();
    await signInThere(page, '');
    await page.waitForURL(route);
    await meanwhile(site, failed.waitFor());
    expect(await failed.getAttribute('lang')).toBe('en');
    expect(await page.locator('body').innerText()).not.toContain('555');

    await page.evaluate(
      (back) => sessionStorage.setItem('curfew.return', JSON.stringify(back)),
      route.slice(site.url.length),
    );
    await page.goto(`${site.url}/signed-in.html?problem=${encodeURIComponent('<b>Call 555-0100</b>')}`);
    await page.waitForURL(route);
    await meanwhile(site, page.getByRole('alert').filter({ hasText: 'Something went wrong on our side.' }).waitFor());
    expect(await page.locator('body').innerText()).not.toContain('555');

    await signInByProvider(page);
    expect(page.url()).toBe(route);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await site.close();
  });

  it('says on the page where it ends that it did not work, where that page can go nowhere', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await site.open('/signed-in.html?returnTo=%2Fsettings&problem=%3Cb%3E');
    await page.getByRole('alert').filter({ hasText: "That didn't work." }).waitFor();
    expect(await page.getByRole('link').getAttribute('href')).toBe('/settings');
    await site.close();
  });

  it('ends the session in every tab within a second when the user logs out at the provider', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await writing(site);
    const second = await site.tab();
    await site.network.listens();
    expect(await provider.logOut('ada')).toBe(200);
    // No time passes for either of them: each hears of it by its stream.
    for (const each of [page, second]) await each.getByText('You were signed out from another device').waitFor();
    expect(await composer(page).count()).toBe(0);
    await site.close();
  });

  it('asks for no password on the security page, and deletes the account by a recent proof at the provider', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await site.open();
    await signInByProvider(page);
    await page.goto(`${site.url}/security`);
    const remove = page.getByRole('button', { name: 'Delete my account' });
    await meanwhile(site, remove.waitFor());
    expect(await page.getByRole('heading', { name: 'Your password' }).count()).toBe(0);
    await page.getByText(/Last proof.* at http:\/\/127\.0\.0\.1/).waitFor();
    await site.leap(minutes(11));
    await remove.click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('You signed in a while ago.').waitFor();
    expect(await page.getByLabel('Password').count()).toBe(0);
    const popup = await openedBy(page, () => continueThere(page).click());
    await signInThere(popup);
    await page.getByText('Your account and everything in it is deleted.').waitFor();
    expect(await site.world.rows('identities')).toEqual([]);
    await site.close();
  });
});
