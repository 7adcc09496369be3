import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { giveAuthenticator } from '../support/browser/authenticator.ts';
import {
  composer,
  openBrowser,
  openSite,
  passwordField,
  sessionOf,
  status,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';
import { meanwhile } from '../support/browser/screens.ts';
import { userOn } from '../support/browser/user.ts';

let opened: OpenBrowser;
beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened?.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const passkey = (page: Page) => button(page, 'Use a passkey');
const out = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'Sign out' });

/** Somebody who has made a passkey on the security page. */
async function withPasskey(site: Site): Promise<Page> {
  const page = await site.signedIn();
  await giveAuthenticator(page);
  await page.goto(`${site.url}/security`);
  const name = page.getByLabel('Name of the new passkey');
  await meanwhile(site, name.waitFor());
  await name.fill('My laptop');
  await button(page, 'Add a passkey').click();
  await page.getByText('The passkey My laptop is made.').waitFor();
  await page.getByRole('heading', { name: 'My laptop' }).waitFor();
  return page;
}

const methodsIn = async (site: Site, page: Page) =>
  (await site.world.events(await sessionOf(page)))
    .filter(({ data }) => 'method' in data)
    .map(({ type, data }) => [type, data['method']]);

describe('a passkey', () => {
  it('is made on the security page, signs in without a user name, and restores at the locked screen', async () => {
    const site = await openSite(opened);
    const page = await withPasskey(site);
    await out(page).click();
    await passkey(page).click();
    await out(page).waitFor();

    await userOn(page).startConversation();
    await composer(page).fill('a first draft');
    await site.leap(seconds(1));
    await status(page, 'Saved');
    await site.leap(minutes(31));
    await page.getByText('We signed you out because you were inactive for 30 minutes.').waitFor();
    // The ways are asked for once the screen is there.
    await passwordField(page).waitFor();
    await passkey(page).click();
    await page.getByText('Welcome back. Everything is where you left it.').waitFor();
    expect(await composer(page).inputValue()).toBe('a first draft');
    expect(await methodsIn(site, page)).toEqual([
      ['session.started', ['pop', 'user', 'mfa']],
      ['user.reauthenticated', ['pop', 'user', 'mfa']],
    ]);
    await page.goto(`${site.url}/security`);
    await meanwhile(site, page.getByText('Last proof with a key, a touch and several factors').waitFor());
    await site.close();
  });

  it('opens nothing any more once it is removed, which needs a recent proof', async () => {
    const site = await openSite(opened);
    const page = await withPasskey(site);
    await site.leap(minutes(11));
    await button(page, 'Remove').click();
    await button(page, 'Remove it').click();
    await page.getByText('You signed in a while ago.').waitFor();
    // The passkey itself is the proof, for the last time.
    await passkey(page).click();
    await page.getByText('The passkey My laptop is removed.').waitFor();
    await out(page).click();
    await passkey(page).click();
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    expect(await out(page).count()).toBe(0);
    await site.close();
  });
});
