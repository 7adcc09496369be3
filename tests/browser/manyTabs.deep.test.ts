import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { userOn } from '../support/browser/user.ts';
import {
  openSite,
  comeBack,
  composer,
  dialog,
  hide,
  lock,
  openBrowser,
  password,
  sessionOf,
  stay,
  stream,
  toast,
  wake,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';

const all = <Value>(pages: readonly Page[], run: (page: Page) => Promise<Value>) => Promise.all(pages.map(run));

describe('any number of tabs', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each([2, 3, 8])('%i tabs are warned together, and one answer closes the warning in all', async (number) => {
    const site = await openSite(browser);
    const first = await site.signedIn();
    const pages = [first];
    while (pages.length < number) {
      // Only one tab at a time is looked at; the others leave the browser its few connections.
      await hide(pages.at(-1) ?? first);
      pages.push(await site.tab());
    }
    await site.leap(minutes(25));
    await all(pages, (page) => toast(page).waitFor());
    await site.leap(minutes(3));
    await all(pages, (page) => dialog(page).waitFor());
    const asked = site.now();
    await stay(pages.at(-1) ?? first).click();
    await all(pages, (page) => dialog(page).waitFor({ state: 'detached' }));
    expect(site.count('POST /api/auth/refresh', asked)).toBe(1);
    const shown = (await site.log(first)).filter(({ type }) => type === 'warning.shown');
    expect(shown.map(({ data }) => data['stage'])).toEqual(['toast', 'dialog']);
    await site.close();
  });

  it('a tab opened before, one opened during and one opened after the warning show what the others do', async () => {
    const site = await openSite(browser);
    const before = await site.signedIn();
    await site.leap(minutes(25));
    await toast(before).waitFor();
    const during = await site.tab();
    await toast(during).waitFor();
    await site.leap(minutes(3));
    const late = await site.tab();
    await dialog(late).waitFor();
    await stay(late).click();
    await all([before, during, late], (page) => stay(page).waitFor({ state: 'detached' }));
    const after = await site.tab();
    await after.getByRole('button', { name: 'New conversation' }).first().waitFor();
    expect(await stay(after).count()).toBe(0);
    await site.close();
  });

  it('a tab that crashed during the warning blocks nothing: the other one is answered, and locked later on', async () => {
    const site = await openSite(browser);
    const first = await site.signedIn();
    const second = await site.tab();
    await site.leap(minutes(28));
    await all([first, second], (page) => dialog(page).waitFor());
    const crashed = new Promise((resolve) => second.once('crash', resolve));
    const cdp = await site.context.newCDPSession(second);
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await stay(first).click();
    await dialog(first).waitFor({ state: 'detached' });
    await second.close();
    await site.leap(minutes(28));
    await dialog(first).waitFor();
    await site.leap(minutes(2));
    await lock(first).waitFor();
    await site.close();
  });

  it('a tab that was discarded (simulated: it is loaded again) while everybody was away is locked when it is loaded again', async () => {
    const site = await openSite(browser);
    const page = await site.writing('discarded');
    await site.sleep(minutes(40));
    await page.reload();
    await lock(page).waitFor();
    expect(await page.locator('body').innerHTML()).not.toContain('discarded');
    await comeBack(page);
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'discarded');
    await site.close();
  });

  it('old messages out of a thawed tab’s queue change nothing', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const teller = await site.context.newPage();
    await teller.goto(`${site.url}/healthz`);
    const old = await page.evaluate(async () => (await (await fetch('/api/auth/session-info')).json()).session);
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.leap(minutes(10));
    const { length } = site.asked;
    await teller.evaluate((view) => {
      const channel = new BroadcastChannel('curfew');
      for (let count = 0; count < 50; count++)
        channel.postMessage({ kind: 'view', session: view.id, version: view.version, view });
      channel.close();
    }, old);
    await site.leap(seconds(1));
    // The stream was closed with the token it was opened with, and is opened again meanwhile: that is nobody's message.
    expect(site.asked.slice(length).filter(({ what }) => what !== stream)).toEqual([]);
    await site.leap(minutes(13));
    expect(await toast(page).count()).toBe(0);
    await site.close();
  });

  it('all tabs lock together, and signing in again in one brings back all of them', async () => {
    const site = await openSite(browser);
    const first = await site.writing('in the first');
    const second = await site.tab();
    await second.getByRole('button', { name: 'New conversation' }).first().waitFor();
    await site.leap(minutes(31));
    await all([first, second], (page) => lock(page).waitFor());
    await comeBack(second);
    await all([first, second], (page) => page.getByRole('button', { name: 'Sign out' }).first().waitFor());
    await first.waitForFunction(() => document.querySelector('textarea')?.value === 'in the first');
    await site.close();
  });

  it('signing out in one tab reaches all, which say why', async () => {
    const site = await openSite(browser);
    const first = await site.signedIn();
    const [second, third] = [await site.tab(), await site.tab()];
    await all([second, third], (page) => page.getByRole('button', { name: 'Sign out' }).first().waitFor());
    await first.getByRole('button', { name: 'Sign out' }).first().click();
    await all([second, third], (page) => page.getByText('You signed out.').waitFor());
    await first.getByLabel('User name').waitFor();
    await site.close();
  });

  it('being signed out from another device reaches a tab that is looked at, with that reason', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
    await wake(page);
    await page.getByText('You were signed out from another device').waitFor();
    await site.close();
  });

  /** A tab that is looked at beside the others, in a window of its own. */
  async function another(site: Site): Promise<Page> {
    const page = await site.tab();
    await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
    return page;
  }

  it('eight tabs on the screen share two streams, what each of them asks gets through, and all hear of a revocation', async () => {
    const site = await openSite(browser);
    const first = await site.signedIn();
    const pages = [first];
    while (pages.length < 8) pages.push(await another(site));
    await expect.poll(() => site.streams.open).toBe(2);
    const answers = await all(pages, (page) => page.evaluate(async () => (await fetch('/api/auth/me')).status));
    expect(answers).toEqual(pages.map(() => 200));

    const told: number[] = [];
    let [began, allTold] = [0, () => {}];
    const over = new Promise<void>((resolve) => (allTold = resolve));
    await site.context.exposeBinding('tell', () => {
      if (told.push(performance.now() - began) === pages.length) allTold();
    });
    await all(pages, (page) =>
      page.evaluate(() => {
        const look = new MutationObserver(() => {
          if (!document.body.textContent.includes('You were signed out from another device')) return;
          look.disconnect();
          (window as unknown as { tell: () => void }).tell();
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    );
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    const id = await sessionOf(first);
    began = performance.now();
    await elsewhere.call('DELETE', `/api/auth/sessions/${id}`);
    await over;
    const [soonest = 0, latest = 0] = [told.at(0), told.at(-1)];
    console.log(
      `a revocation was on the first of eight screens after ${soonest.toFixed(0)} ms, on the last after ` +
        `${latest.toFixed(0)} ms (one node, by two streams; goal for a stream to hear of it: under 100 ms)`,
    );
    expect(site.streams.most).toBe(2);
    await site.close();
  });

  it('a tab with a stream that crashes, is hidden and frozen, or is closed leaves it to another one at once', async () => {
    const site = await openSite(browser);
    const [first, second] = [await site.signedIn(), await another(site)];
    const [third, fourth, fifth] = [await another(site), await another(site), await another(site)];
    await expect.poll(() => site.streams.open).toBe(2);
    const crashed = new Promise((resolve) => second.once('crash', resolve));
    const cdp = await site.context.newCDPSession(second);
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await expect.poll(() => [site.count(stream), site.streams.open]).toEqual([3, 2]);
    // Browsers freeze only what nobody looks at.
    await hide(third);
    const freezer = await site.context.newCDPSession(third);
    await freezer.send('Page.setWebLifecycleState', { state: 'frozen' });
    await expect.poll(() => [site.count(stream), site.streams.open]).toEqual([4, 2]);
    await fourth.close();
    await expect.poll(() => [site.count(stream), site.streams.open]).toEqual([5, 2]);
    await first.close();
    await expect.poll(() => site.streams.open).toBe(1);
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(fifth)}`);
    await fifth.getByText('You were signed out from another device').waitFor();
    await site.close();
  });

  it('a second user who signs in in one tab locks out the first one’s tabs, and neither sees the other’s', async () => {
    const site = await openSite(browser);
    const first = await site.writing('for nobody but ada');
    const second = await site.tab();
    await site.leap(minutes(31));
    await all([first, second], (page) => lock(page).waitFor());
    await second.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await site.register(second, 'bob');
    await second.getByText('Nothing here yet').waitFor();
    await lock(first).waitFor({ state: 'detached' });
    for (const page of [first, second]) {
      const html = await page.locator('body').innerHTML();
      expect(html).not.toMatch(/for nobody but ada|Conversation 1/);
    }
    expect(await first.locator('body').innerText()).not.toMatch(/\bada\b|\bbob\b/);
    await site.close();
  });

  it('two people in two browsers never mix', async () => {
    const site = await openSite(browser);
    const ada = await site.writing('of ada');
    const other = await site.anotherBrowser();
    const bob = await site.open('/', other);
    await site.register(bob, 'bob');
    await userOn(bob).startConversation();
    await composer(bob).fill('of bob');
    await site.leap(minutes(28));
    await dialog(ada).waitFor();
    await dialog(bob).waitFor();
    await stay(ada).click();
    await dialog(ada).waitFor({ state: 'detached' });
    expect(await dialog(bob).count()).toBe(1);
    await site.leap(minutes(2) + seconds(1));
    await lock(bob).waitFor();
    expect(await composer(ada).inputValue()).toBe('of ada');
    await site.close();
  });
});
