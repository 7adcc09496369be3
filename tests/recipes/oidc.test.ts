import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { allBlocks } from '../support/blocks.ts';
import { startProvider, type TestProvider } from '../support/oidc/provider.ts';
import { freePort } from '../support/freePort.ts';
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
  expect(body.ways).toEqual([{ kind: 'sso', name: 'Example ID', url: '/api/oidc/start' }]);
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

test('a silent answer at the front door is asked for once more, and in earnest, where the session has lapsed', async () => {
  const { url } = await start({ IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  const jar = new Map<string, string>();
  await signIn(visitor, 'joan', jar);
  const { id } = await infoOf(visitor);
  await visitor.until('lapsed');
  await nextSecond();
  const { location = '' } = await signIn(visitor, 'joan', jar);
  expect(new URL(location).searchParams.get('prompt')).toBe('login');
  const back = new URL(await provider.signIn(location, 'joan', jar));
  const answer = await visitor.get(`${back.pathname}${back.search}`);
  expect([answer.headers.location, (await infoOf(visitor)).id]).toEqual(['/signed-in.html', id]);
  await visitor.until('lapsed');
  await nextSecond();
  await provider.set({ silent: true });
  const again = await signIn(visitor, 'joan', jar);
  const last = new URL(await provider.signIn(again.location ?? '', 'joan', jar));
  // It was asked in earnest, and did not hear: there is no third time.
  expect((await visitor.get(`${last.pathname}${last.search}`)).headers.location).toBe(
    '/signed-in.html?problem=stale_proof',
  );
});

test('a provider that could not be reached is told of, and asked again the next time', async () => {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const { url } = await application.start('server.ts', { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'notes' });
  const visitor = new Visitor(url);
  const begun = async () => (await visitor.get('/api/oidc/start')).headers.location;
  expect(await begun()).toBe('/signed-in.html?problem=unavailable');
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, jwks_uri: `${issuer}/jwks` }));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  expect(await begun()).toContain(`${issuer}/auth?`);
  server.close();
});

test('another site’s page begins no sign-in', async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/api/oidc/start`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  expect(answer.status).toBe(403);
});

/** What the library's own screens say. */
const continueThere = (page: Page) => page.getByRole('button', { name: 'Continue with Example ID' });
const letter = (page: Page) => page.getByRole('textbox', { name: 'Letter' });
const windowOf = async (page: Page) =>
  (await Promise.all([page.waitForEvent('popup'), continueThere(page).click()]))[0];

async function signInThere(page: Page, account: string): Promise<void> {
  await provider.setNow(Date.now());
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: 'Sign in there' }).click();
}

/** Signs in, types, and is away for too long. */
async function lockedOut(url: string, account: string): Promise<Page> {
  const page = await newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
  await signInThere(page, account);
  await letter(page).fill('Dear Grace,');
  await continueThere(page).waitFor();
  await nextSecond();
  return page;
}

const comesBack = async (page: Page) => {
  await page.getByText('Welcome back. Everything is where you left it.').waitFor();
  await expect.poll(() => letter(page).inputValue(), { timeout: 60_000 }).toBe('Dear Grace,');
};

test('in a browser, a window of the provider brings back what was typed', async () => {
  const { url } = await start({ IDLE_SECONDS: '12' });
  const page = await lockedOut(url, 'margaret');
  await signInThere(await windowOf(page), 'margaret');
  await comesBack(page);
});

test('another account in that window takes nothing away: the screen says so, and the user goes on', async () => {
  const { url } = await start({ IDLE_SECONDS: '12' });
  // Else the provider, at which one account takes the place of the other, would end the session of the first here, too.
  await provider.register(url, false);
  const page = await lockedOut(url, 'eve');
  await signInThere(await windowOf(page), 'bob');
  await page.getByText('You signed in there as somebody else.').waitFor();
  await nextSecond();
  await signInThere(await windowOf(page), 'eve');
  await comesBack(page);
});

test('somebody else can sign in at the locked screen, although the provider knows the user before them', async () => {
  const { url } = await start({ IDLE_SECONDS: '12' });
  const page = await lockedOut(url, 'eve');
  await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
  await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
  await signInThere(page, 'bob');
  await page.getByRole('heading', { name: 'Letters of bob of elsewhere' }).waitFor();
  expect(await letter(page).inputValue()).toBe('');
});

test('a plain link to the start comes back to the application, and says there what did not work', async () => {
  const { url } = await start();
  const page = await newPage();
  await page.goto(`${url}/api/oidc/start`);
  await page.getByRole('button', { name: 'Sign in there' }).click();
  await page.waitForURL(`${url}/`);
  await page.getByText("That didn't work. Please try again.").waitFor();
  await page.goto(`${url}/api/oidc/start`);
  await signInThere(page, 'ada');
  await page.waitForURL(`${url}/`);
  await page.getByRole('heading', { name: 'Letters of ada of elsewhere' }).waitFor();
});

test('the documents say what this application runs', () => {
  const blocks = allBlocks().map(({ code }) => code);
  for (const file of ['oidc.ts', 'Guarded.tsx', 'signed-in.ts'])
    expect(blocks, file).toContain(readFileSync(`tests/recipes/oidc/${file}`, 'utf8'));
});
