import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { userOn } from '../support/browser/user.ts';
import { comeBack, composer, lock, openSite, password, sharedBrowser, type Site } from '../support/browser/site.ts';

const browser = sharedBrowser();

const isIn = (page: Page) => page.getByRole('button', { name: 'Sign out' }).first().waitFor();
const asksWho = (page: Page) => page.getByLabel('User name').waitFor();
const bodyOf = (page: Page) => page.locator('body').innerText();

/** Once what was told to a tab has had every chance to become something. */
async function settled(site: Site) {
  await site.leap(1_000);
  await site.rest();
}

/** Says at a locked tab that somebody else is here. */
async function saysSomebodyElse(page: Page) {
  await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
  await asksWho(page);
}

describe.each(['cookie', 'bearer'])('where another tab of this browser signs in, by %s', (transport) => {
  const path = `/?transport=${transport}`;

  /** Two tabs whose user is not signed in; `ada` has an account. */
  async function twoTabs() {
    const site = await openSite(browser);
    const first = await site.open(path);
    await site.register(first);
    await first.getByRole('button', { name: 'Sign out' }).first().click();
    await asksWho(first);
    const second = await site.open(path);
    await asksWho(second);
    return { site, first, second };
  }

  it('a tab on the sign-in page goes in, too', async () => {
    const { site, first, second } = await twoTabs();
    await userOn(second).signIn('ada', password);
    await Promise.all([first, second].map(isIn));
    await site.close();
  });

  it('a tab that says why it is over goes in where it is the same user, and stays as it is where it is another', async () => {
    const { site, first, second } = await twoTabs();
    await userOn(second).signIn('ada', password);
    await Promise.all([first, second].map(isIn));
    await second.getByRole('button', { name: 'Sign out' }).first().click();
    await first.getByText('You signed out.').waitFor();
    await asksWho(second);
    await site.register(second, 'bob');
    await settled(site);
    await first.getByText('You signed out.').waitFor();
    expect(await bodyOf(first)).not.toMatch(/\bada\b|\bbob\b/);
    await second.getByRole('button', { name: 'Sign out' }).first().click();
    await asksWho(second);
    await userOn(second).signIn('ada', password);
    await Promise.all([first, second].map(isIn));
    await site.close();
  });

  it('a locked tab brings its work back, also where its user has begun another session', async () => {
    const site = await openSite(browser);
    const first = await site.open(path);
    await site.register(first);
    await userOn(first).startConversation();
    await composer(first).fill('Dear Mr Okafor,');
    await site.leap(1_000);
    const second = await site.tab(path);
    await isIn(second);
    await site.leap(minutes(31));
    await Promise.all([first, second].map((page) => lock(page).waitFor()));
    await saysSomebodyElse(second);
    await userOn(second).signIn('ada', password);
    await Promise.all([first, second].map(isIn));
    await first.getByRole('link', { name: 'Conversation 1' }).click();
    await expect.poll(() => composer(first).inputValue()).toBe('Dear Mr Okafor,');
    await site.close();
  });

  it('a tab whose user has said that they are somebody else stays', async () => {
    const site = await openSite(browser);
    const first = await site.open(path);
    await site.register(first);
    const second = await site.tab(path);
    await isIn(second);
    await site.leap(minutes(31));
    await Promise.all([first, second].map((page) => lock(page).waitFor()));
    await saysSomebodyElse(first);
    await comeBack(second);
    await isIn(second);
    await settled(site);
    await asksWho(first);
    await site.close();
  });
});

describe('several tabs that are no part of it', () => {
  it('ask the server once each who is here, and not each other again and again', async () => {
    const site = await openSite(browser);
    const first = await site.signedIn();
    const [second, third] = [await site.tab(), await site.tab()];
    await Promise.all([second, third].map(isIn));
    await first.getByRole('button', { name: 'Sign out' }).first().click();
    await Promise.all([second, third].map((page) => page.getByText('You signed out.').waitFor()));
    await site.register(first, 'bob');
    const since = site.now();
    await settled(site);
    await settled(site);
    expect(site.count('GET /api/auth/session-info', since + 1)).toBe(0);
    await site.close();
  });
});
