import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { giveAuthenticator } from '../../support/browser/authenticator.ts';
import { openBrowser, openSite, type OpenBrowser } from '../../support/browser/site.ts';
import { meanwhile } from '../../support/browser/screens.ts';
import { openSiteWith, signInByProvider } from '../../support/browser/singleSignOn.ts';
import { startProvider, type TestProvider } from '../../support/oidc/provider.ts';

const folder = process.env['CURFEW_PICTURES'];
const widths = folder === undefined ? [] : [1280, 360];

describe('pictures of the ways to sign in', () => {
  let browser: OpenBrowser;
  let provider: TestProvider;
  beforeAll(async () => {
    [browser, provider] = await Promise.all([openBrowser(), startProvider()]);
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await provider?.stop();
  });

  const look = (width: number) => ({ viewport: { width, height: 800 }, reducedMotion: 'reduce' as const });
  const take = (page: Page, name: string, width: number) =>
    page.screenshot({ path: join(folder ?? '', `${name} ${width}.png`), fullPage: name === 'security' });
  const locked = (page: Page) => page.getByText('We signed you out because you were inactive').waitFor();

  it.each(widths)('single sign-on, %i px wide', async (width) => {
    const site = await openSiteWith(browser, provider, { context: look(width) });
    const page = await site.open();
    await page.getByText('For your security').waitFor();
    await take(page, 'sign-in', width);
    await signInByProvider(page);
    await site.leap(minutes(31));
    await locked(page);
    await take(page, 'locked, single sign-on', width);
    await site.close();
  });

  it.each(widths)('a password and a passkey, %i px wide', async (width) => {
    const site = await openSite(browser, { context: look(width) });
    const page = await site.signedIn();
    await giveAuthenticator(page);
    await page.goto(`${site.url}/security`);
    const name = page.getByLabel('Name of the new passkey');
    await meanwhile(site, name.waitFor());
    await name.fill('My laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The passkey My laptop is made.').waitFor();
    await take(page, 'security', width);
    await site.leap(minutes(31));
    await locked(page);
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    await take(page, 'locked, password and passkey', width);
    await site.close();
  });
});
