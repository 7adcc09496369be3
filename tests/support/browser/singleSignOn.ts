import type { Page } from 'playwright-core';
import { minutes, seconds } from '../../../machines/index.ts';
import type { TestProvider } from '../oidc/provider.ts';
import {
  composer,
  dialog,
  openSite,
  sessionOf,
  status,
  toast,
  type OpenBrowser,
  type Site,
  type SiteOptions,
} from './site.ts';
import { userOn } from './user.ts';

/** What people call the provider of the tests. */
export const providerName = '127.0.0.1';

/** A site whose users sign in at a provider, whose clock goes with the site's. */
export async function openSiteWith(
  opened: Omit<OpenBrowser, 'close'>,
  provider: TestProvider,
  options: SiteOptions = {},
): Promise<Site> {
  const site = await openSite(opened, { ...options, oidc: provider.env });
  await provider.register(site.url);
  await provider.set({ coop: false, silent: false, dropsAuthTime: false, dropsSid: false, holdsCodes: false });
  await provider.setNow(site.world.now());
  return {
    ...site,
    async leap(...given) {
      await provider.setNow(site.world.now() + given[0]);
      await site.leap(...given);
    },
  };
}

export const continueThere = (page: Page) => page.getByRole('button', { name: `Continue with ${providerName}` });

/** Signs in on the provider's page. */
export async function signInThere(page: Page, account = 'ada') {
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: 'Sign in there' }).click();
}

/** Signs in by the provider at the front door, and is in. */
export async function signInByProvider(page: Page, account = 'ada') {
  await continueThere(page).click();
  await signInThere(page, account);
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
}

/** Clicks what opens a window. @returns the window */
export async function openedBy(page: Page, click: () => Promise<void>): Promise<Page> {
  const window = page.context().waitForEvent('page');
  await click();
  return window;
}

const text = 'Dear Mr Okafor,\n'.repeat(80);

/** Somebody who came in by the provider and is writing something, with the caret and the scroll somewhere. */
export async function writing(site: Site, path = '/'): Promise<Page> {
  const page = await site.open(path);
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

/** The text with its caret and its scroll. */
export const placeIn = (page: Page) =>
  composer(page).evaluate((element: HTMLTextAreaElement) => ({
    value: element.value,
    caret: [element.selectionStart, element.selectionEnd],
    scroll: element.scrollTop,
  }));

/** Whether the page was never loaded again since somebody began to write in it. */
export const isSameDocument = (page: Page) => page.evaluate(() => 'sameDocument' in window);

/** Nothing is done until the session has lapsed. */
export async function lapse(site: Site, page: Page) {
  await site.leap(minutes(25));
  await toast(page).waitFor();
  await site.leap(minutes(3));
  await dialog(page).waitFor();
  await site.leap(minutes(3));
  await page.getByText('We signed you out because you were inactive for 30 minutes.').waitFor();
}

/** Until the work is back. */
export const welcome = (page: Page) => page.getByText('Welcome back. Everything is where you left it.').waitFor();

/** By what and by whose word somebody has signed in and again. */
export const methodsIn = async (site: Site, page: Page) =>
  (await site.world.events(await sessionOf(page)))
    .filter(({ data }) => 'method' in data)
    .map(({ type, data }) => [type, data['method'], data['issuer']]);
