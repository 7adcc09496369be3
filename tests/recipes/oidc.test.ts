import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startProvider, type TestProvider } from '../support/oidc/provider.ts';
import { cleanUp, recipe, type Recipe, type Started } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
  application = await recipe('oidc');
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

async function start(env: Record<string, string> = {}): Promise<Started> {
  const { CURFEW_OIDC_ISSUER = '', CURFEW_OIDC_CLIENT_ID = '', CURFEW_OIDC_CLIENT_SECRET = '' } = provider.env;
  const started = await application.start('server.ts', {
    OIDC_ISSUER: CURFEW_OIDC_ISSUER,
    OIDC_CLIENT_ID: CURFEW_OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET: CURFEW_OIDC_CLIENT_SECRET,
    ...env,
  });
  // The provider asks the application by this address, too.
  const url = started.url.replace('localhost', '127.0.0.1');
  await provider.register(url);
  return { ...started, url };
}

/** `auth_time` counts whole seconds: a proof of the second of a lapse may be older than the lapse. */
async function nextSecond(): Promise<void> {
  const now = Date.now();
  await expect.poll(() => Math.floor(Date.now() / 1000) * 1000, { timeout: 10_000 }).toBeGreaterThan(now);
}

/** Goes to the provider and back. @returns where the application sends the browser, and what the provider sent back */
async function signIn(visitor: Visitor, account: string, jar = new Map<string, string>(), session?: string) {
  // Its time is this machine's.
  await provider.setNow(Date.now());
  const query = session === undefined ? '' : `?session=${session}`;
  const begun = await visitor.get(`/api/oidc/start${query}`);
  const back = new URL(await provider.signIn(begun.headers.location ?? '', account, jar));
  const answer = await visitor.get(`${back.pathname}${back.search}`);
  return { location: answer.headers.location, back: `${back.pathname}${back.search}` };
}
const infoOf = async (visitor: Visitor) => (await visitor.get('/api/auth/session-info')).body.session;

test('a user of the provider signs in, and the log says by whose word and how', async () => {
  const { url } = await start();
  const visitor = new Visitor(url);
  expect((await signIn(visitor, 'ada')).location).toBe('/signed-in.html');
  const { body } = await visitor.get('/api/hello');
  expect(body).toEqual({ hello: `${provider.issuer}#ada`, name: 'ada of elsewhere' });
  const { id } = await infoOf(visitor);
  const { body: log } = await visitor.get(`/api/auth/sessions/${id}/events`);
  expect(log.events[0].data).toMatchObject({ method: ['pwd', 'otp'], issuer: provider.issuer, amr: ['pwd', 'otp'] });
  expect((await visitor.post('/api/auth/login', { username: 'ada', password: 'none of hers' })).status).toBe(404);
});

test('a callback that is replayed, of another browser or of another state signs nobody in', async () => {
  const { url } = await start();
  const [visitor, stranger] = [new Visitor(url), new Visitor(url)];
  const { back } = await signIn(visitor, 'barbara');
  const again = new Visitor(url);
  const answers = [await again.get(back), await stranger.get(back)];
  await stranger.get('/api/oidc/start');
  answers.push(await stranger.get(back));
  expect(answers.map(({ headers }) => headers.location)).toEqual(
    Array.from({ length: 3 }, () => '/signed-in.html?problem=not_signed_in'),
  );
  expect((await stranger.get('/api/hello')).status).toBe(401);
  expect((await visitor.get('/api/hello')).status).toBe(200);
});

test('a lapsed session goes on after a new proof, and not after a silent answer of the provider', async () => {
  const { url } = await start({ IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  const jar = new Map<string, string>();
  await signIn(visitor, 'grace', jar);
  const { id } = await infoOf(visitor);
  await visitor.until('lapsed');
  const { body } = await visitor.get('/api/auth/ways');
  expect(body.ways).toEqual([{ kind: 'sso', name: 'the provider', url: '/api/oidc/start' }]);
  await nextSecond();
  // It knows the user still, and is not asked to ask them anew: what asks for it was taken out of the address.
  await provider.set({ silent: true });
  expect((await signIn(visitor, 'grace', jar, id)).location).toBe('/signed-in.html?problem=stale_proof');
  expect(await infoOf(visitor)).toMatchObject({ id, state: 'lapsed' });
  await provider.set({ silent: false });
  expect((await signIn(visitor, 'grace', jar, id)).location).toBe('/signed-in.html');
  expect(await infoOf(visitor)).toMatchObject({ id, state: 'active' });
});

test('a logout at the provider ends the session, and a forged one is refused', async () => {
  const { url } = await start();
  const visitor = new Visitor(url);
  await signIn(visitor, 'hedy');
  const sid = await provider.sidOf('hedy');
  const claims = {
    iss: provider.issuer,
    aud: provider.clientId,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 60,
    jti: 'forged',
    sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  };
  for (const by of ['nobody', 'another'] as const) {
    const body = `logout_token=${await provider.sign({ claims, by })}`;
    const answer = await fetch(`${url}/api/oidc/back-channel-logout`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(answer.status).toBe(400);
  }
  expect((await visitor.get('/api/hello')).status).toBe(200);
  expect(await provider.logOut('hedy')).toBe(200);
  expect((await visitor.get('/api/hello')).body).toMatchObject({ code: 'session_ended' });
});

async function elsewhere(page: Page, account: string): Promise<void> {
  await provider.setNow(Date.now());
  const [window] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Sign in at the provider' }).click(),
  ]);
  await window.getByLabel('Account').fill(account);
  await window.getByRole('button', { name: 'Sign in there' }).click();
}

test('in a browser, a window of the provider brings back what was typed', async () => {
  const { url } = await start({ IDLE_SECONDS: '12' });
  const page = await newPage();
  await page.goto(url);
  await elsewhere(page, 'margaret');
  await page.getByRole('textbox', { name: 'Letter' }).fill('Dear Grace,');
  await page.getByText('The tab is locked').waitFor();
  expect(await page.locator('#letter').inputValue()).toBe('');
  await nextSecond();
  await elsewhere(page, 'margaret');
  await page.getByText('The tab is active').waitFor();
  await expect.poll(() => page.locator('#letter').inputValue(), { timeout: 60_000 }).toBe('Dear Grace,');
});
