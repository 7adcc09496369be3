import { chromium, type Browser, type Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartOf, minutes, replay, seconds, sessionMachine, tabMachine } from '../../machines/index.ts';
import { startApplication, type Application } from '../support/browser/application.ts';
import { createNetwork, type Network } from '../support/browser/network.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { meanwhile } from '../support/browser/screens.ts';
import { openSite, comeBack, toast, type Site } from '../support/browser/site.ts';
import { userOn } from '../support/browser/user.ts';

const password = 'correct horse battery';
let application: Application;
let browser: Browser;
let network: Network;
let receiver: PreviewServer;
let receiverUrl: string;
const built = mkdtempSync(join(tmpdir(), 'curfew-receiver-'));

beforeAll(async () => {
  const root = join(import.meta.dirname, '..', 'support', 'browser', 'receiver');
  await build({ root, logLevel: 'error', configFile: false, build: { outDir: built, emptyOutDir: true } });
  receiver = await preview({
    root,
    configFile: false,
    build: { outDir: built },
    preview: { port: 0, host: '127.0.0.1' },
  });
  receiverUrl = receiver.resolvedUrls?.local[0] ?? '';
  [application, browser, network] = await Promise.all([
    startApplication(),
    chromium.launch(launchOptions()),
    createNetwork(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await application?.stop();
  await network?.stop();
  await receiver?.close();
  rmSync(built, { recursive: true, force: true });
});

const idsIn = (page: Page, chart: number, attribute: string) =>
  page
    .locator('.app-chart svg')
    .nth(chart)
    .locator(`[${attribute}]`)
    .evaluateAll((elements, name) => elements.map((element) => element.getAttribute(name) ?? ''), attribute);

const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b));

/** Somebody who was signed out for idling, and has come back. */
async function lapsedAndBack(site: Site): Promise<Page> {
  const page = await site.signedIn('grace');
  await site.leap(seconds(13));
  await site.leap(seconds(8));
  await comeBack(page);
  await page.getByText('Welcome back').waitFor();
  return page;
}

describe('the inspector', () => {
  it('draws the machines, travels through the log, and answers what if', async () => {
    const site = await openSite(
      { browser, network },
      {
        policy: { idleTimeout: seconds(20), warnBefore: seconds(8) },
        context: { viewport: { width: 1280, height: 900 } },
      },
    );
    const loaded: string[] = [];
    site.context.on('request', (request) => loaded.push(request.url()));
    const page = await lapsedAndBack(site);
    expect(loaded.filter((url) => /elk|Inspector|attach/.test(url))).toEqual([]);
    await page.getByRole('link', { name: 'Security' }).click();
    await meanwhile(site, page.getByRole('link', { name: 'Inspector' }).waitFor());
    await page.getByRole('link', { name: 'Inspector' }).click();
    const drawn = page.locator('.app-chart svg:has(g[data-state])');
    await meanwhile(site, drawn.nth(2).waitFor());
    expect(await page.locator('.app-chart svg').count()).toBe(3);

    // Time travel, the tab's machine, and the session's machine inside it.
    for (const [index, machine] of [sessionMachine, tabMachine, sessionMachine].entries()) {
      const { states, transitions } = chartOf(machine);
      expect(sorted(await idsIn(page, index, 'data-state'))).toEqual(sorted(states.map(({ id }) => id)));
      expect(sorted(await idsIn(page, index, 'data-transition'))).toEqual(sorted(transitions.map(({ id }) => id)));
    }
    expect(await page.locator('.app-chart').first().getByText('after 20 seconds').count()).toBeGreaterThan(0);

    const log = await page.evaluate(async () => {
      const headers = { 'Session-Activity': 'background' };
      const { session } = await (await fetch('/api/auth/session-info', { headers })).json();
      return (await fetch(`/api/auth/sessions/${session.id}/events`, { headers })).json();
    });
    const scrubber = page.getByRole('slider');
    for (const [index] of log.events.entries()) {
      await scrubber.fill(String(Number(await scrubber.getAttribute('min')) + index));
      const { leaf } = replay(log.events.slice(0, index + 1));
      const active = page.locator('.app-chart').first().locator('g[data-active="true"]');
      expect(await active.evaluateAll((all) => all.map((each) => each.getAttribute('data-state')))).toEqual([
        '',
        leaf.split('.')[0],
        leaf,
      ]);
      await page.locator('.app-travel dd').first().getByText(leaf, { exact: true }).waitFor();
    }

    // Under 15 minutes of idling the session would not have been warned when it was.
    const warned = log.events.find(({ to }: { to: string }) => to === 'active.expiring');
    const answer = page.locator('.app-answer p').first();
    expect(await answer.textContent()).toContain(`after step ${warned.version}`);
    expect(await answer.textContent()).toContain('would have been in active.fresh; it was in active.expiring');

    expect(loaded.filter((url) => !url.startsWith(site.url))).toEqual([]);
    await site.close();
  });

  it('Promise 7: tells why somebody was signed out, from the sign-in page and from the list', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(application.url);
    await userOn(page).register('ada', password);
    const id = await page.evaluate(async () => {
      const { session } = await (await fetch('/api/auth/session-info')).json();
      await fetch(`/api/auth/sessions/${session.id}`, { method: 'DELETE' });
      return session.id;
    });
    await page.getByRole('heading', { name: "You're signed out" }).waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Why was I signed out?' }).click();
    await userOn(page).signIn('ada', password);
    await page.waitForURL((url) => url.pathname === `/security/inspector/${id}`);
    await page.locator('.app-why', { hasText: 'signed out from another device' }).waitFor();
    await page.locator('.app-travel dd').first().getByText('ended.revoked', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'Watch it live' }).click();
    await page.locator('.app-travel dd').first().getByText('active.fresh', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Why was I signed out?' }).click();
    await page.locator('.app-travel dd').first().getByText('ended.revoked', { exact: true }).waitFor();
    await page.close();
  });

  /** How far each drawing reaches beyond its pane, in px; nothing of it is hidden where that is 0. */
  const beyond = (page: Page) =>
    page.locator('.app-chart svg').evaluateAll((panes) =>
      panes.map((pane) => {
        const [seen, all] = [pane.getBoundingClientRect(), pane.querySelector('g')?.getBoundingClientRect()];
        if (!all || all.width === 0) return Infinity;
        const over = [seen.left - all.left, seen.top - all.top, all.right - seen.right, all.bottom - seen.bottom];
        return Math.max(0, ...over.map(Math.round));
      }),
    );

  it.each([1280, 360])(
    'opens with each drawing whole in its pane, at %i px, and keeps it so while the machines move',
    async (width) => {
      const site = await openSite({ browser, network }, { context: { viewport: { width, height: 780 } } });
      const page = await site.signedIn();
      await page.goto(`${site.url}/security/inspector`);
      await meanwhile(site, page.locator('.app-chart svg:has(g[data-state])').nth(2).waitFor());
      await expect.poll(() => beyond(page)).toEqual([0, 0, 0]);
      await site.leap(minutes(25));
      await toast(page).waitFor();
      await expect.poll(() => beyond(page)).toEqual([0, 0, 0]);
      const larger = page.getByRole('button', { name: 'Make The session’s machine larger' });
      for (let press = 0; press < 6; press++) await larger.press('Enter');
      await expect.poll(async () => (await beyond(page))[0]).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Fit' }).first().press('Enter');
      await expect.poll(() => beyond(page)).toEqual([0, 0, 0]);
      await site.close();
    },
  );

  it('has a list of each machine on a narrow screen, which can be read there', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 780 } });
    await page.goto(application.url);
    await userOn(page).register('linus', password);
    await page.getByRole('link', { name: 'Security' }).click();
    await page.getByRole('link', { name: 'Inspector' }).click();
    await page.locator('.app-states strong', { hasText: 'fresh' }).first().waitFor();
    expect(await page.locator('.app-states > li').first().isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.close();
  });
});

describe('the XState inspector', () => {
  it('gets what this tab does, without secrets, and nobody else does', async () => {
    const context = await browser.newContext();
    const hosts = new Set<string>();
    context.on('request', (request) => hosts.add(new URL(request.url()).host));
    const page = await context.newPage();
    await page.goto(`${application.url}/?inspect=${encodeURIComponent(receiverUrl)}`);
    // Its window may be faster than what is loaded for it.
    const isThere = Promise.withResolvers<void>();
    await page.route(/attach[^/]*\.js$/, async (route) => {
      await isThere.promise;
      await route.continue();
    });
    const [popup] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Attach the XState inspector' }).click(),
    ]);
    await popup.waitForFunction(() => 'received' in window);
    isThere.resolve();
    // What nobody looks at is slow.
    await page.bringToFront();
    await userOn(page).register('margaret', password);
    const received = () =>
      popup.evaluate(() => (window as unknown as { received: { type: string; [name: string]: any }[] }).received);
    await popup.waitForFunction(() =>
      (
        window as unknown as { received: { snapshot?: { value?: { session?: { signedIn?: string } } } }[] }
      ).received.some(({ snapshot }) => snapshot?.value?.session?.signedIn === 'active'),
    );
    const events = await received();
    const definition = events.find(({ type, name }) => type === '@xstate.actor' && name === 'tab')?.['definition'];
    expect(JSON.parse(definition).states.session.states.signedIn.states.warning.states.extending.invoke.src).toBe(
      'extend',
    );
    expect(events.map(({ event }) => event?.type)).toContain('signIn.asked');
    const { session } = await page.evaluate(async () => (await fetch('/api/auth/session-info')).json());

    await page.getByRole('link', { name: 'Security' }).click();
    await page.getByRole('link', { name: 'Inspector' }).click();
    await page.getByRole('button', { name: 'Show this log to the XState inspector' }).click();
    await popup.waitForFunction(() =>
      (window as unknown as { received: { type: string; sessionId: string }[] }).received.some(
        ({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === 'log 1',
      ),
    );
    const log = (await received()).filter(({ sessionId }) => sessionId === 'log 1');
    expect(log[0]).toMatchObject({ type: '@xstate.actor', name: 'session', snapshot: { value: { active: 'fresh' } } });
    expect(JSON.parse(log[0]?.['definition']).states.active.states.fresh.on['session.extended']).toBeDefined();
    const all = JSON.stringify(await received());
    for (const secret of [password, 'margaret', session.id]) expect(all).not.toContain(secret);
    expect([...hosts].every((host) => /^(127\.0\.0\.1|localhost):\d+$/.test(host))).toBe(true);
    await context.close();
  });

  it('is neither offered nor loaded without the switch, nor sent anywhere that a link names', async () => {
    const page = await browser.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    for (const search of ['', '?inspect=https://example.com/', '?inspect=javascript:alert(1)']) {
      await page.goto(`${application.url}/${search}`);
      await page.getByLabel('User name').waitFor();
      expect(await page.getByRole('button', { name: 'Attach the XState inspector' }).count()).toBe(0);
    }
    expect(loaded.filter((url) => /attach/.test(url))).toEqual([]);
    await page.close();
  });
});
