import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  continueThere,
  isSameDocument,
  lapse,
  methodsIn,
  openedBy,
  openSiteWith,
  placeIn,
  signInThere,
  welcome,
  writing,
} from '../support/browser/singleSignOn.ts';
import { composer, openBrowser, type OpenBrowser, type Site } from '../support/browser/site.ts';
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

const tokenOf = async (page: Page): Promise<string> =>
  JSON.parse((await page.evaluate(() => localStorage.getItem('curfew.token'))) ?? '""');

/** Everything that an address said, of any page of the browser. */
function addressesOf({ context }: Site): string[] {
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url(), request.headers()['referer'] ?? ''));
  return addresses;
}

const twice = () => [
  ['session.started', ['pwd', 'otp'], provider.issuer],
  ['user.reauthenticated', ['pwd', 'otp'], provider.issuer],
];

describe('single sign-on where the token is in the browser’s storage', () => {
  it('signs in by leaving the page, and restores in place by a window whose ties are cut; no address has a token', async () => {
    const site = await openSiteWith(opened, provider);
    await provider.set({ coop: true });
    const addresses = addressesOf(site);
    const page = await writing(site, '/?transport=bearer');
    const first = await tokenOf(page);
    const before = await placeIn(page);
    await lapse(site, page);
    const popup = await openedBy(page, () => continueThere(page).click());
    await signInThere(popup);
    await welcome(page);
    await expect.poll(() => popup.isClosed()).toBe(true);
    expect(await isSameDocument(page)).toBe(true);
    expect(await placeIn(page)).toEqual(before);
    const second = await tokenOf(page);
    expect(new Set([first, second, '']).size).toBe(3);
    expect((await site.context.cookies()).map(({ name }) => name)).not.toContain('__Host-curfew');
    for (const token of [first, second]) expect(addresses.filter((address) => address.includes(token))).toEqual([]);
    expect(await methodsIn(site, page)).toEqual(twice());
    await site.close();
  });

  it('restores by leaving the page where the browser opens no window: route, text, caret and scroll are back', async () => {
    const site = await openSiteWith(opened, provider);
    await site.context.addInitScript(() => {
      window.open = () => null;
    });
    const page = await writing(site, '/?transport=bearer');
    const before = await placeIn(page);
    const route = page.url();
    await lapse(site, page);
    await continueThere(page).click();
    await signInThere(page);
    await page.waitForURL(route);
    await composer(page).waitFor();
    expect(await isSameDocument(page)).toBe(false);
    await expect.poll(() => placeIn(page)).toEqual(before);
    await welcome(page);
    expect(await methodsIn(site, page)).toEqual(twice());
    await site.close();
  });

  it('restores nothing by a provider that answers silently, nor for a user who changes their mind, and says so', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await writing(site, '/?transport=bearer');
    await lapse(site, page);
    const token = await tokenOf(page);
    await provider.set({ silent: true });
    const silent = await openedBy(page, () => continueThere(page).click());
    await page.getByText('You were not asked to sign in there.').waitFor();
    await expect.poll(() => silent.isClosed()).toBe(true);
    await provider.set({ silent: false });
    const refused = await openedBy(page, () => continueThere(page).click());
    await signInThere(refused, '');
    await expect.poll(() => refused.isClosed()).toBe(true);
    expect(await composer(page).count()).toBe(0);
    expect(await tokenOf(page)).toBe(token);
    const again = await openedBy(page, () => continueThere(page).click());
    await signInThere(again);
    await welcome(page);
    await site.close();
  });
});
