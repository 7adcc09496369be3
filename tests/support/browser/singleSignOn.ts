import type { Page } from 'playwright-core';
import type { TestProvider } from '../oidc/provider.ts';
import { openSite, type OpenBrowser, type Site, type SiteOptions } from './site.ts';

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
