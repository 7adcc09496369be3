import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { signIn } from '../../server/verbs/signIn.ts';
import type { Way } from '../../web/client/index.ts';
import { axeFindings } from '../support/browser/axe.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openProvider, start } from '../support/browser/provider.ts';
import { meanwhile } from '../support/browser/screens.ts';
import type { World } from '../support/server/world.ts';
import { lock, openBrowser, openSite, password, passwordField, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
let provider: Awaited<ReturnType<typeof openProvider>>;
beforeAll(async () => {
  [browser, provider] = await Promise.all([openBrowser(), openProvider()]);
});
afterAll(async () => {
  await provider?.stop();
  await browser?.close();
});

const sso: Way = { kind: 'sso', name: 'Example', url: start };
const passkey: Way = { kind: 'passkey' };
const typed: Way = { kind: 'password' };

/** The locked screen of a user for whom the server says these ways. */
async function locked(list: readonly Way[]) {
  const site = await openSite(browser, { pages: fixture, ways: () => list, routes: provider.routes() });
  const page = await site.open('/?passkey');
  await enter(page);
  await site.leap(minutes(31));
  await page.getByRole('button', { name: 'Not you?' }).waitFor();
  return { site, page };
}

const inForm = (page: Page) =>
  page
    .locator('.curfew-locked')
    .evaluate((screen) =>
      [...screen.querySelectorAll('input, button')]
        .map((each) => (each instanceof HTMLInputElement ? (each.labels?.[0]?.textContent ?? '') : each.textContent))
        .filter((name) => !/^(Not you|Delete from this device|Show password)/.test(name)),
    );
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement instanceof HTMLInputElement
      ? activeElement.labels?.[0]?.textContent
      : activeElement?.textContent;
  });

describe('the ways to sign in again', () => {
  it.each<[string, readonly Way[], string[], string]>([
    ['a password', [typed], ['User name', 'Password', 'Sign in and continue'], 'Password'],
    ['a passkey', [passkey], ['Use a passkey'], 'Use a passkey'],
    ['single sign-on', [sso], ['Continue with Example'], 'Continue with Example'],
    [
      'all of them, the password first',
      [typed, passkey, sso],
      ['User name', 'Password', 'Sign in and continue', 'Use a passkey', 'Continue with Example'],
      'Password',
    ],
    [
      'all of them, the passkey first',
      [passkey, typed, sso],
      ['Use a passkey', 'Continue with Example', 'User name', 'Password', 'Sign in and continue'],
      'Use a passkey',
    ],
  ])('are those that the server says, in its order, the first with the focus: %s', async (_, ways, names, first) => {
    const { site, page } = await locked(ways);
    expect(await inForm(page)).toEqual(names);
    // Where there is nothing to type, whose work it is stands there as text.
    expect(await page.getByText('Your account: ada').count()).toBe(names.includes('User name') ? 0 : 1);
    await expect.poll(() => focused(page)).toBe(first);
    expect(await meanwhile(site, axeFindings(page, 'locked'))).toEqual([]);
    await site.close();
  });

  it('are a passkey: the application’s own function asks for it, and the content is back', async () => {
    const { site, page } = await locked([passkey]);
    await expect.poll(() => focused(page)).toBe('Use a passkey');
    await page.keyboard.press('Enter');
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('are a password that a route of the application takes: a wrong one is said, and the right one goes on', async () => {
    let user = '';
    const asked: unknown[] = [];
    const site = await openSite(browser, {
      pages: fixture,
      ways: ({ id }) => {
        user = id;
        return [{ kind: 'password', url: '/login' }];
      },
      routes: (world, request) => (new URL(request.url).pathname === '/login' ? own(world, request) : null),
    });
    async function own({ parts, now }: World, request: Request): Promise<Response> {
      const session = request.headers.get('Session-Id') ?? undefined;
      const given = await request.clone().json();
      asked.push(session, given);
      if (given.password !== password) return new Response('<p>Wrong.</p>', { status: 401 });
      const signedIn = await signIn(parts, request, { user, method: ['pwd'], authenticatedAt: now(), session });
      return signedIn.ok ? new Response(null, { status: 204, headers: signedIn.headers }) : signedIn.response;
    }
    const page = await site.open('/');
    await enter(page);
    const reauthenticated = page.waitForRequest(/reauthenticate/, { timeout: 0 }).then(
      () => 'asked',
      () => 'not asked',
    );
    await site.leap(minutes(31));
    await passwordField(page).fill('wrong');
    await lock(page).click();
    await page.locator('.curfew-alert', { hasText: 'password' }).waitFor();
    await passwordField(page).fill(password);
    await lock(page).click();
    await page.getByText('Welcome back').waitFor();
    expect(asked).toEqual([expect.any(String), { password: 'wrong' }, asked[0], { password }]);
    await site.close();
    expect(await reauthenticated).toBe('not asked');
  });

  it('can be tried again without a word when the user says no to the browser', async () => {
    const { site, page } = await locked([{ ...passkey, refuses: true }, typed]);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    expect(await page.locator('.curfew-alert').filter({ hasText: /\S/ }).count()).toBe(0);
    await passwordField(page).fill(password);
    await lock(page).click();
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('are none where the server says none, and the ways out stay', async () => {
    const { site, page } = await locked([]);
    await page.getByText("You can't sign in again on this page.").waitFor();
    expect(await inForm(page)).toEqual([]);
    await page.getByText('Your account: ada').waitFor();
    await site.close();
  });
});

describe('where the server cannot be asked for the ways', () => {
  it('a password is offered, and to ask again, which then says that there is none', async () => {
    let isDown = true;
    const site = await openSite(browser, {
      pages: fixture,
      ways: () => [sso],
      routes: (_, { url }) => (isDown && url.endsWith('/ways') ? new Response('{}', { status: 500 }) : null),
    });
    const page = await site.open();
    await enter(page);
    await site.leap(minutes(31));
    await page.getByText("We couldn't find out how you can sign in.").waitFor();
    await expect.poll(() => focused(page)).toBe('Password');
    isDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Continue with Example' }).waitFor();
    expect(await passwordField(page).count()).toBe(0);
    await site.close();
  });
});
