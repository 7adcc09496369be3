import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import {
  continueThere,
  openedBy,
  openSiteWith,
  signInByProvider,
  signInThere,
} from '../support/browser/singleSignOn.ts';
import {
  composer,
  dialog,
  openBrowser,
  sessionOf,
  status,
  toast,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';
import { userOn } from '../support/browser/user.ts';
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

const text = 'Dear Mr Okafor,\n'.repeat(80);

/** Somebody who came in by the provider and is writing something, with the caret and the scroll somewhere. */
async function writing(site: Site): Promise<Page> {
  const page = await site.open();
  await signInByProvider(page);
  await userOn(page).startConversation();
  await composer(page).fill(text);
  await site.leap(seconds(1));
  await status(page, 'Saved');
  await composer(page).evaluate((element: HTMLTextAreaElement) => {
    element.setSelectionRange(100, 107);
    element.scrollTop = 120;
    // Gone with the document.
    Object.assign(window, { sameDocument: true });
  });
  return page;
}

const placeIn = (page: Page) =>
  composer(page).evaluate((element: HTMLTextAreaElement) => ({
    value: element.value,
    caret: [element.selectionStart, element.selectionEnd],
    scroll: element.scrollTop,
  }));

const isSameDocument = (page: Page) => page.evaluate(() => 'sameDocument' in window);

async function lapse(site: Site, page: Page) {
  await site.leap(minutes(25));
  await toast(page).waitFor();
  await site.leap(minutes(3));
  await dialog(page).waitFor();
  await site.leap(minutes(3));
  await page.getByText('We signed you out because you were inactive for 30 minutes.').waitFor();
}

const welcome = (page: Page) => page.getByText('Welcome back. Everything is where you left it.').waitFor();

const methodsIn = async (site: Site, page: Page) =>
  (await site.world.events(await sessionOf(page)))
    .filter(({ data }) => 'method' in data)
    .map(({ type, data }) => [type, data['method'], data['issuer']]);

describe('single sign-on', () => {
  it('signs in, warns, locks without a word of a password, and restores in place by a window of its own', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await writing(site);
    const before = await placeIn(page);
    const route = page.url();
    await lapse(site, page);
    expect(await page.getByLabel('Password').count()).toBe(0);
    const popup = await openedBy(page, () => continueThere(page).click());
    await signInThere(popup);
    await welcome(page);
    expect(popup.isClosed()).toBe(true);
    expect(page.url()).toBe(route);
    expect(await isSameDocument(page)).toBe(true);
    expect(await placeIn(page)).toEqual(before);
    expect(await methodsIn(site, page)).toEqual([
      ['session.started', ['pwd', 'otp'], provider.issuer],
      ['user.reauthenticated', ['pwd', 'otp'], provider.issuer],
    ]);
    await site.close();
  });

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
    const blocking = await openBrowser(['--block-new-web-contents']);
    const site = await openSiteWith(blocking, provider);
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
    await site.close();
    await blocking.close();
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
});
