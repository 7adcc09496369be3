import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openProvider, start } from '../support/browser/provider.ts';
import {
  composer,
  openBrowser,
  openSite,
  passwordField,
  status,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';

type Provider = Awaited<ReturnType<typeof openProvider>>;

let browser: OpenBrowser;
const providers: Provider[] = [];
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await Promise.all(providers.map((provider) => provider.stop()));
  await browser?.close();
});

async function providerWith(headers: Record<string, string> = {}): Promise<Provider> {
  const provider = await openProvider(headers);
  providers.push(provider);
  return provider;
}

const sso = { kind: 'sso', name: 'Example', url: start } as const;
const ways = () => [sso];
const signInAt = (page: Page) => page.getByRole('button', { name: 'Continue with Example' });
const agree = (page: Page) => page.getByRole('link', { name: 'Continue as ada' }).click();
const letter = (page: Page) => page.getByLabel('Letter');

/** An application whose users sign in at a provider, in a window of its own, and a letter that is not finished. */
async function writing(provider: Provider) {
  const site = await openSite(browser, { pages: fixture, ways, routes: provider.routes() });
  const page = await site.open('/?popup');
  await enter(page);
  await letter(page).fill('Dear Mr Okafor');
  await site.leap(seconds(1));
  return { site, page };
}

/** The same, when the time is up. */
async function lockedOut(provider: Provider) {
  const { site, page } = await writing(provider);
  await site.leap(minutes(31));
  await signInAt(page).waitFor();
  return { site, page };
}

async function opened(page: Page): Promise<Page> {
  const [window] = await Promise.all([page.waitForEvent('popup'), signInAt(page).click()]);
  await window.getByRole('heading', { name: 'Provider' }).waitFor();
  return window;
}

describe('a person without a password', () => {
  it('is never asked for one', async () => {
    const { site, page } = await lockedOut(await providerWith());
    await site.rest();
    expect(await passwordField(page).count()).toBe(0);
    // As text: there is nothing to type.
    expect(await page.getByLabel('User name').count()).toBe(0);
    await page.getByText('Your account: ada').waitFor();
    expect(await signInAt(page).evaluate((button) => button === document.activeElement)).toBe(true);
    await site.close();
  });
});

describe.each([
  ['a provider', {}],
  ['a provider that cuts off the window (Cross-Origin-Opener-Policy)', { 'Cross-Origin-Opener-Policy': 'same-origin' }],
])('signing in again in a window of its own, at %s', (_, headers) => {
  it('brings the content back in place, and the application is not loaded again', async () => {
    const { site, page } = await lockedOut(await providerWith(headers));
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    const window = await opened(page);
    expect(await page.getByRole('status').filter({ hasText: 'Finish signing in' }).count()).toBe(1);
    await agree(window);
    await page.getByText('Welcome back').waitFor();
    expect(await letter(page).inputValue()).toBe('Dear Mr Okafor');
    expect(await page.evaluate(() => 'isSame' in globalThis)).toBe(true);
    await site.close();
  });

  it('is learnt from the server, too, when no message comes through', async () => {
    const { site, page } = await lockedOut(await providerWith(headers));
    await site.context.addInitScript(() => {
      BroadcastChannel.prototype.postMessage = () => {};
    });
    const window = await opened(page);
    await agree(window);
    await window.waitForURL('**/signed-in.html').catch(() => {});
    await site.leap(seconds(6));
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('brings back every other tab of this browser, too, which hears of it at once', async () => {
    const { site, page } = await lockedOut(await providerWith(headers));
    const other = await site.open('/?popup');
    await signInAt(other).waitFor();
    await agree(await opened(page));
    await Promise.all([page, other].map((each) => each.getByText('Welcome back').waitFor()));
    await site.close();
  });

  it('can be cancelled for another way, and says why it did not work', async () => {
    const { site, page } = await lockedOut(await providerWith(headers));
    await opened(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => signInAt(page).evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await page.locator('.curfew-alert').filter({ hasText: /\S/ }).count()).toBe(0);
    const window = await opened(page);
    await window.getByRole('link', { name: 'Do not ask me' }).click();
    await page.getByText('You were not asked to sign in there.').waitFor();
    await site.close();
  });
});

describe('where the browser opens no window', () => {
  it('the user signs in in this one, and finds text and caret where they were', async () => {
    const { site, page } = await lockedOut(await providerWith());
    await page.evaluate(() => {
      window.open = () => null;
    });
    await signInAt(page).click();
    await page.waitForURL('http://127.0.0.1:*/**');
    await agree(page);
    await page.waitForURL('**/?popup');
    await letter(page).waitFor();
    await expect.poll(() => letter(page).inputValue()).toBe('Dear Mr Okafor');
    await site.close();
  });
});

/** Where a browser opens no window, the reference application goes to the provider in this one. */
const opensNoWindow = (site: Site) =>
  site.context.addInitScript(() => {
    window.open = () => null;
  });

describe('signing in again on another page, in the same window', () => {
  it('brings back page, route, text, caret and scroll', async () => {
    const provider = await providerWith();
    const site = await openSite(browser, { ways, routes: provider.routes() });
    const text = `Dear Mr Okafor,\n${'thank you for calling back.\n'.repeat(40)}`;
    await opensNoWindow(site);
    const page = await site.writing(text);
    const url = page.url();
    const place = () =>
      composer(page).evaluate((field: HTMLTextAreaElement) => [
        field.value,
        field.selectionStart,
        field.selectionEnd,
        field.scrollTop > 0,
        field === document.activeElement,
      ]);
    await composer(page).evaluate((field: HTMLTextAreaElement) => {
      field.setSelectionRange(300, 310);
      field.scrollTop = field.scrollHeight;
    });
    await site.leap(seconds(1));
    const before = await place();
    await site.leap(minutes(31));
    await signInAt(page).click();
    await page.waitForURL(`${provider.url}/`);
    await agree(page);
    await page.waitForURL(url);
    await expect.poll(place).toEqual(before);
    expect(before).toEqual([text, 300, 310, true, true]);
    await site.close();
  });

  it('stays, and says so, while something typed can be saved nowhere', async () => {
    const provider = await providerWith();
    const site = await openSite(browser, { ways, routes: provider.routes(), policy: { absoluteTimeout: minutes(31) } });
    await site.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('no room', 'QuotaExceededError');
      };
    });
    await opensNoWindow(site);
    const page = await site.writing('Dear');
    await site.leap(minutes(13));
    await site.act(page);
    await site.leap(minutes(14));
    await page.getByRole('region', { name: 'Signing out soon' }).waitFor();
    site.fails((what) => (what.includes('/api/drafts') ? 'error' : null));
    await composer(page).fill('Dear Mr Okafor');
    await site.leap(seconds(1));
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await signInAt(page).click();
    await page.getByText("We couldn't save your work, so we didn't leave this page.").waitFor();
    expect(page.url()).toContain(site.url);
    site.fails(() => null);
    await signInAt(page).click();
    await page.waitForURL(`${provider.url}/`);
    await site.close();
  });

  it('says, once the user is back, why it did not work', async () => {
    const provider = await providerWith();
    const site = await openSite(browser, { ways, routes: provider.routes() });
    await opensNoWindow(site);
    const page = await site.writing('Dear Mr Okafor');
    await status(page, 'Saved');
    await site.leap(minutes(31));
    await signInAt(page).click();
    await page.getByRole('link', { name: 'Do not ask me' }).click();
    await page.getByText('You were not asked to sign in there.').waitFor();
    await page.reload();
    await signInAt(page).waitFor();
    expect(await page.getByText('You were not asked to sign in there.').count()).toBe(0);
    await site.close();
  });
});

describe('signing in again where the token is in the browser’s storage', () => {
  const lockedOutWithToken = async () => {
    const site = await openSite(browser, { pages: fixture, ways, routes: (await providerWith()).routes(true) });
    const page = await site.open('/?popup&bearer');
    await enter(page);
    await letter(page).fill('Dear Mr Okafor');
    await site.leap(seconds(1));
    await site.leap(minutes(31));
    return { site, page };
  };
  const tokenOf = (page: Page) => page.evaluate(() => localStorage.getItem('curfew.token'));

  it('is done by the page on which it ends, which keeps the new token, and no address has one', async () => {
    const { site, page } = await lockedOutWithToken();
    const addresses: string[] = [];
    site.context.on('request', (request) => addresses.push(request.url()));
    const before = await tokenOf(page);
    await agree(await opened(page));
    await page.getByText('Welcome back').waitFor();
    expect(await letter(page).inputValue()).toBe('Dear Mr Okafor');
    const after = await tokenOf(page);
    expect(after).not.toBe(before);
    expect(addresses.some((address) => address.includes('signed-in.html?bearer'))).toBe(true);
    for (const token of [before, after].map((each) => JSON.parse(each ?? '""') as string))
      expect(addresses.filter((address) => address.includes(token))).toEqual([]);
    await site.close();
  });

  it('says why it did not work, and keeps the token that the locked session has', async () => {
    const { site, page } = await lockedOutWithToken();
    const before = await tokenOf(page);
    const window = await opened(page);
    await window.getByRole('link', { name: 'Do not ask me' }).click();
    await page.getByText('You were not asked to sign in there.').waitFor();
    expect(await tokenOf(page)).toBe(before);
    await site.close();
  });
});

describe('the page on which a sign-in ends', () => {
  it('goes nowhere but to a path of its own site, whatever is in the tab’s storage', async () => {
    const provider = await providerWith();
    const site = await openSite(browser, { pages: fixture, ways, routes: provider.routes() });
    for (const to of [provider.url, `//${new URL(provider.url).host}/`, '/\\evil.example']) {
      const page = await site.open('/healthz');
      await page.evaluate((path) => sessionStorage.setItem('curfew.return', JSON.stringify(path)), to);
      await page.goto(`${site.url}/signed-in.html`);
      await page.waitForURL(`${site.url}/`);
      expect(await page.evaluate(() => sessionStorage.getItem('curfew.return'))).toBeNull();
    }
    await site.close();
  });

  it('starts no application, and stays where no script can close it', async () => {
    const provider = await providerWith();
    const site = await openSite(browser, { pages: fixture, ways, routes: provider.routes() });
    const page = await site.open('/healthz');
    await page.goto(`${site.url}/signed-in.html`);
    await page.getByText('You can close this window.').waitFor();
    await site.rest();
    expect(site.asked.map(({ what }) => what)).toEqual([]);
    await site.close();
  });
});
