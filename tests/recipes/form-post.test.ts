import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startProvider, type TestProvider } from '../support/oidc/provider.ts';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';

let application: Recipe;
let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
  application = await recipe('form-post');
  await application.build('vite', ['build']);
});
afterEach(async () => {
  await closeContexts();
  await provider.set({ silent: false });
});
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

/** Starts the application on `localhost`: the provider, on `127.0.0.1`, is another site. */
async function start(env: Record<string, string> = {}): Promise<string> {
  const { CURFEW_OIDC_ISSUER = '', CURFEW_OIDC_CLIENT_ID = '', CURFEW_OIDC_CLIENT_SECRET = '' } = provider.env;
  const { url } = await application.start('server.ts', {
    OIDC_ISSUER: CURFEW_OIDC_ISSUER,
    OIDC_CLIENT_ID: CURFEW_OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET: CURFEW_OIDC_CLIENT_SECRET,
    ...env,
  });
  expect(new URL(url).hostname).toBe('localhost');
  await provider.register(url, false);
  return url;
}

/** `auth_time` counts whole seconds: a proof of the second of a lapse may be older than the lapse. */
async function nextSecond(): Promise<void> {
  const now = Date.now();
  await expect.poll(() => Math.floor(Date.now() / 1000) * 1000, { timeout: 10_000 }).toBeGreaterThan(now);
}

async function signInThere(page: Page, account: string): Promise<void> {
  await provider.setNow(Date.now());
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: 'Sign in there' }).click();
}

const signInHere = (page: Page) => page.getByRole('button', { name: 'Sign in with Example ID' });
const continueThere = (page: Page) => page.getByRole('button', { name: 'Continue with Example ID' });
const letter = (page: Page) => page.getByRole('textbox', { name: 'Letter' });
const lettersOf = (page: Page, account: string) =>
  page.getByRole('heading', { name: `Letters of ${account} of elsewhere` }).waitFor();

async function signIn(page: Page, url: string, account: string): Promise<void> {
  await page.goto(url);
  await signInHere(page).click();
  await signInThere(page, account);
}

const isCallback = (request: Request) => new URL(request.url()).pathname === '/api/oidc/callback';

async function cookiesOf(request: Request): Promise<readonly string[]> {
  const { cookie = '' } = await request.allHeaders();
  return cookie.split('; ').map((each) => each.split('=')[0] ?? '');
}

test('a provider of another site posts, and its user is signed in by the GET that follows', async () => {
  const url = await start();
  const page = await newPage();
  const [posted, finished] = [
    page.waitForRequest(isCallback),
    page.waitForRequest((request) => new URL(request.url()).pathname === '/api/oidc/finish'),
  ];
  await signIn(page, url, 'ada');
  await lettersOf(page, 'ada');
  const [post, get] = [await posted, await finished];
  expect([post.method(), (await post.allHeaders())['sec-fetch-site']]).toEqual(['POST', 'cross-site']);
  expect(await cookiesOf(post)).toEqual(['']);
  expect(get.redirectedFrom()).toBe(post);
  expect(await cookiesOf(get)).toContain('__Host-curfew-hand-over');
  // What the provider has posted stands in no address.
  expect(new URL(get.url()).search).toMatch(/^\?hand_over=[\w-]{24}$/);
  const code = new URLSearchParams(post.postData() ?? '').get('code') ?? '';
  expect(code).not.toBe('');
  expect(get.url()).not.toContain(code);
  // And that address is good for nothing any more.
  await page.goto(get.url());
  await page.waitForURL(`${url}/`);
  await lettersOf(page, 'ada');
});

test('what an attacker’s provider has posted signs nobody in through another browser', async () => {
  const url = await start();
  const attacker = await newPage();
  let stolen = '';
  await attacker.route('**/api/oidc/callback', (route) => {
    stolen = route.request().postData() ?? '';
    return route.abort();
  });
  await signIn(attacker, url, 'eve');
  await expect.poll(() => stolen).toContain('code=');

  const victim = await newPage();
  // They have begun a sign-in of their own, and come to a page of the attacker's.
  await victim.goto(url);
  await signInHere(victim).click();
  await victim.getByLabel('Account').waitFor();
  await victim.evaluate(
    ([action = '', fields = '']) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      for (const [name, value] of new URLSearchParams(fields))
        form.append(Object.assign(document.createElement('input'), { name, value }));
      document.body.append(form);
      form.submit();
    },
    [`${url}/api/oidc/callback`, stolen],
  );
  await victim.waitForURL(`${url}/`);
  await victim.getByText("That didn't work. Please try again.").waitFor();
  expect((await victim.context().cookies()).map(({ name }) => name)).not.toContain('__Host-curfew');
});

/** Signs in, types, and is away for too long. */
async function lockedOut(url: string, account: string): Promise<Page> {
  const page = await newPage();
  await signIn(page, url, account);
  await letter(page).fill('Dear Grace,');
  await continueThere(page).waitFor();
  await nextSecond();
  return page;
}

const comesBack = async (page: Page) => {
  await page.getByText('Welcome back. Everything is where you left it.').waitFor();
  await expect.poll(() => letter(page).inputValue(), { timeout: 60_000 }).toBe('Dear Grace,');
};

test('a window in which the provider posts brings a lapsed session back, and what was typed', async () => {
  const url = await start({ IDLE_SECONDS: '12' });
  const page = await lockedOut(url, 'margaret');
  const session = (await page.context().cookies()).find(({ name }) => name === '__Host-curfew')?.value;
  const [popup] = await Promise.all([page.waitForEvent('popup'), continueThere(page).click()]);
  await signInThere(popup, 'margaret');
  await comesBack(page);
  const sidOf = (token = '') => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
  const now = (await page.context().cookies()).find(({ name }) => name === '__Host-curfew')?.value;
  expect([sidOf(now), now === session]).toEqual([sidOf(session), false]);
});

test('a provider that posts silently brings nothing back', async () => {
  const url = await start({ IDLE_SECONDS: '12' });
  const page = await lockedOut(url, 'grace');
  await provider.set({ silent: true });
  await Promise.all([page.waitForEvent('popup'), continueThere(page).click()]);
  await page.getByText('You were not asked to sign in there.').waitFor();
  expect(await letter(page).count()).toBe(0);
  await provider.set({ silent: false });
  const [popup] = await Promise.all([page.waitForEvent('popup'), continueThere(page).click()]);
  await signInThere(popup, 'grace');
  await comesBack(page);
});
