import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { openTabbed, there, writing } from '../support/browser/hiddenTab.ts';
import { cached, isControlled, openInstalled } from '../support/browser/installed.ts';
import { createNetwork, type Network } from '../support/browser/network.ts';
import { application, comeBack, composer, lock, password, sharedBrowser, status } from '../support/browser/site.ts';
import { userOn } from '../support/browser/user.ts';
import { createWorld } from '../support/server/world.ts';

const written = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);
const offline = (page: Page) => page.getByRole('heading', { name: "You're offline" });

describe('the installed application', () => {
  const browser = sharedBrowser();

  it('can be installed: Chromium finds nothing against it, and its icons are pictures of the size they say', async () => {
    const world = await createWorld({ root: application, origin: browser.network.url });
    browser.network.serve((request, env) => world.app.fetch(request, env));
    // Where nothing is kept, nothing can be installed: this takes a profile.
    const profile = mkdtempSync(join(tmpdir(), 'curfew-profile-'));
    const context = await chromium.launchPersistentContext(profile, launchOptions());
    const page = await context.newPage();
    await page.goto(browser.network.url);
    await isControlled(page);
    const cdp = await context.newCDPSession(page);
    const { url, data, errors } = await cdp.send('Page.getAppManifest');
    expect([url, errors]).toEqual([`${browser.network.url}/manifest.webmanifest`, []]);
    await expect.poll(async () => (await cdp.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
    const { icons, ...said } = JSON.parse(data ?? '') as { icons: { src: string; type: string; sizes: string }[] };
    expect(said).toMatchObject({ id: '/', name: 'Curfew', start_url: '/', scope: '/', display: 'standalone' });
    const sizes = await page.evaluate(
      (all) =>
        Promise.all(
          all.map(async ({ src, type }) => {
            const response = await fetch(src);
            const { width, height } = await createImageBitmap(await response.blob());
            return [type === response.headers.get('Content-Type'), `${width}x${height}`];
          }),
        ),
      icons.filter((icon) => icon.sizes !== 'any'),
    );
    expect(sizes).toEqual([
      [true, '192x192'],
      [true, '512x512'],
      [true, '512x512'],
    ]);
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  it('opens without a network and says so, on each of its pages; what is the server’s own is left to the server', async () => {
    const site = await openInstalled(browser);
    const page = await site.writing('in the tunnel');
    const { pathname } = new URL(page.url());
    const contentOf = async (path: string) => {
      const response = await page.goto(`${site.url}${path}`);
      const worker = response?.fromServiceWorker() ?? false;
      return [path, response?.status(), response?.headers()['content-type']?.split(';')[0], worker];
    };
    // Who is at a page of the server's own sees what the server says, also where a service worker stands by.
    const own = [
      ['/docs', 200, 'text/html', false],
      ['/openapi.json', 200, 'application/json', false],
      ['/healthz', 200, 'application/json', false],
      ['/metrics', 200, 'text/plain', false],
      ['/signed-in.html?problem=cancelled', 200, 'text/html', false],
      ['/api/policy', 200, 'application/json', false],
      ['/api/sign-in/oidc/callback?state=a', 404, 'application/problem+json', false],
      ['/?inspect=http://localhost:1', 200, 'text/html', false],
    ];
    const found = [];
    for (const [path] of own) found.push(await contentOf(String(path)));
    expect(found).toEqual(own);
    await site.goesOffline();
    for (const path of ['/', pathname, '/settings', '/security', '/admin', '/security/inspector/']) {
      await page.goto(`${site.url}${path}`);
      await offline(page).waitFor();
      expect(await page.locator('body').innerText()).toContain('Nothing is lost. We keep trying');
      expect(await page.content()).not.toContain('in the tunnel');
    }
    for (const [path] of own) {
      const other = await site.context.newPage();
      await expect(other.goto(`${site.url}${path}`)).rejects.toThrow('net::ERR');
      await other.close();
    }
    await page.goto(`${site.url}${pathname}`);
    await offline(page).waitFor();
    await site.comesBack();
    await written(page, 'in the tunnel');
    await site.close();
  });

  it('Promise 5: nothing of the API and nothing of a user is in any cache, after a whole story', async () => {
    const site = await openInstalled(browser);
    const throughWorker: string[] = [];
    site.context.on('response', (response) => {
      if (response.fromServiceWorker()) throughWorker.push(new URL(response.url()).pathname);
    });
    const page = await site.writing('canary of the draft');
    const session = await page.evaluate(() => localStorage.getItem('curfew.session'));
    await page.reload();
    await written(page, 'canary of the draft');
    await composer(page).fill('canary that is sent');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('listitem').getByText('canary that is sent').waitFor();
    await composer(page).fill('canary at the lock');
    await site.leap(1_000);
    await status(page, 'Saved');
    for (const path of ['/settings', '/security', '/']) await (await site.tab(path)).close();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await comeBack(page);
    await written(page, 'canary at the lock');
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    const kept = await cached(page);
    const paths = kept.map(({ path }) => path);
    // The look itself would see it: what the application starts from is there.
    expect(paths).toContain('/index.html');
    expect(paths.filter((path) => path !== '/index.html' && !path.startsWith('/assets/'))).toEqual([]);
    expect(throughWorker.length).toBeGreaterThan(0);
    expect(
      throughWorker.filter(
        (path) => !path.startsWith('/assets/') && !/^\/(conversations\/.*)?$|^\/(settings|security)$/.test(path),
      ),
    ).toEqual([]);
    const all = kept.map(({ text }) => text).join('\n');
    const ids = Object.values(JSON.parse(session ?? '{}')).filter(
      (each) => typeof each === 'string' && each.length > 8,
    );
    expect(ids.length).toBeGreaterThan(0);
    for (const secret of ['canary', password, '"ada"', ...ids]) expect(all).not.toContain(secret);
    await site.close();
  });

  it('is refused nothing where every script has to be vouched for', async () => {
    const policy =
      "default-src 'self'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types curfew-application";
    const site = await openInstalled(browser, {
      async routes(world, request, env) {
        const answer = await world.app.fetch(request, env);
        const strict = new Response(answer.body, answer);
        strict.headers.set('Content-Security-Policy', policy);
        return strict;
      },
    });
    const refused: string[] = [];
    await site.context.exposeBinding('refused', (_, what: string) => refused.push(what));
    await site.context.addInitScript(() =>
      addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) =>
        Reflect.get(window, 'refused')(`${violatedDirective} ${sample}`),
      ),
    );
    const page = await site.signedIn();
    await isControlled(page);
    expect(await page.evaluate(() => 'trustedTypes' in window)).toBe(true);
    await site.goesOffline();
    await page.reload();
    await offline(page).waitFor();
    expect(refused).toEqual([]);
    await site.close();
  });

  it('takes nobody’s page away when there is a newer one: that waits for the next start', async () => {
    let isNewer = false;
    const site = await openInstalled(browser, {
      routes(world, request, env) {
        const { pathname } = new URL(request.url);
        if (pathname !== '/sw.js' || !isNewer) return null;
        return Promise.resolve(world.app.fetch(request, env)).then(async (answer) => {
          const headers = new Headers(answer.headers);
          headers.delete('Content-Length');
          return new Response(`${await answer.text()}\n// newer`, { headers });
        });
      },
    });
    const page = await site.writing('half a sen');
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    isNewer = true;
    const waits = (where: Page) =>
      where.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state ?? null);
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect.poll(() => waits(page)).toBe('installed');
    await composer(page).pressSequentially('tence');
    await site.leap(1_000);
    await status(page, 'Saved');
    expect(await composer(page).inputValue()).toBe('half a sentence');
    expect(await page.evaluate(() => Reflect.get(window, 'isSamePage'))).toBe(true);
    expect(await waits(page)).toBe('installed');
    await page.close();
    await expect
      .poll(async () => {
        const next = await site.open('/healthz');
        const waiting = await waits(next);
        await next.close();
        return waiting;
      })
      .toBe(null);
    const next = await site.tab();
    await isControlled(next);
    await site.close();
  });

  it('Promise 5: offline at the deadline it is locked; closed and opened again it shows nothing, and gives all back once online', async () => {
    const site = await openInstalled(browser);
    const page = await site.writing('on the ferry');
    await site.goesOffline();
    await composer(page).fill('on the ferry, far out');
    await site.leap(1_000);
    await status(page, 'Saved');
    await site.leap(minutes(31));
    await page.getByText("You're offline. Your work is saved, and we'll confirm when you're back.").waitFor();
    expect(await page.content()).not.toContain('on the ferry');
    await page.close();
    const again = await site.open('/');
    await offline(again).waitFor();
    expect(await again.content()).not.toContain('on the ferry');
    await site.comesBack();
    await lock(again).waitFor();
    await again.getByText('We signed you out because you were inactive').waitFor();
    expect(await again.content()).not.toContain('on the ferry');
    await comeBack(again);
    await again.getByRole('link', { name: 'Conversation 1' }).click();
    await written(again, 'on the ferry, far out');
    await site.close();
  });

  it('Promise 5: back online as somebody else, it shows nothing of the first user, whose work waits for them', async () => {
    const site = await openInstalled(browser);
    const page = await site.writing('for Ada alone');
    await site.goesOffline();
    await composer(page).fill('for Ada alone, and typed offline');
    await site.leap(1_000);
    await status(page, 'Saved');
    await site.leap(minutes(5));
    // Meanwhile, somebody else has signed in with this browser.
    const answer = await site.world.app.request(`${site.url}/api/auth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'bob', password }),
    });
    expect(answer.status).toBe(201);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(answer.headers.get('Set-Cookie') ?? '') ?? [];
    await site.context.addCookies([
      { name, value, domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
    ]);
    await site.comesBack();
    const ofAda = /\bada\b|Conversation 1|for Ada alone/i;
    await page.getByText('You are not signed in any more.').waitFor();
    expect(await page.content()).not.toMatch(ofAda);
    await page.reload();
    await page.getByText('bob', { exact: true }).waitFor();
    await page.getByText('This conversation isn’t here').waitFor();
    expect(await page.content()).not.toMatch(ofAda);
    expect((await cached(page)).filter(({ text }) => /for Ada alone|"ada"|"bob"/.test(text))).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await written(page, 'for Ada alone, and typed offline');
    await site.close();
  });
});

describe('the installed application behind another window', () => {
  let browser: Browser;
  let network: Network;
  beforeAll(async () => {
    [browser, network] = await Promise.all([openTabbed(), createNetwork()]);
  });
  afterAll(async () => {
    await browser?.close();
    await network?.stop();
  });

  it('Promise 5: frozen, thawed after the end and offline, is locked in the first frame that is drawn', async () => {
    const { passes, page, goesBehind, close } = await writing(browser, network, 'in a pocket');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, { polling: 100 });
    await goesBehind();
    await page.setOfflineMode(true);
    await passes(minutes(45));
    const cdp = await page.createCDPSession();
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    const frames = await page.evaluateHandle(() => {
      const seen: (boolean | undefined)[] = [];
      const look = () => {
        seen.push(document.querySelector('textarea')?.checkVisibility());
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      return seen;
    });
    expect(await page.$('textarea')).not.toBeNull();
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    await page.bringToFront();
    await there(page, '.curfew-locked');
    await page.locator(`::-p-text(You're offline. Your work is saved)`).wait();
    const seen = await frames.jsonValue();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).not.toContain(true);
    expect(await page.content()).not.toContain('in a pocket');
    await page.setOfflineMode(false);
    await there(page, '.curfew-locked form');
    await page.locator('.curfew-locked input[type=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'in a pocket', { polling: 100 });
    await close();
  });
});
