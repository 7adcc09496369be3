import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { moveMouse } from '../support/browser/mouse.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { t0 } from '../support/server/world.ts';
import {
  openSite,
  composer,
  dialog,
  openBrowser,
  stay,
  toast,
  wake,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';

const told = 'POST /api/auth/activity';

describe('activity', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function inFixture(query = '') {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open(`/${query}`);
    await enter(page);
    return { site, page };
  }
  const seenAfter = async (site: Site, page: Page, from: number) =>
    (await site.log(page)).filter(({ type, at }) => type === 'activity.seen' && at - t0 >= from).length;
  /** Twenty minutes go, something happens, and the warning comes twenty-five minutes after that. */
  async function counts(site: Site, page: Page, happens: () => Promise<unknown>) {
    await site.leap(minutes(20));
    await happens();
    await site.leap(seconds(1));
    await expect.poll(() => seenAfter(site, page, minutes(20))).toBe(1);
    await site.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    await site.leap(minutes(1));
    await toast(page).waitFor();
  }
  /** Twenty minutes go, something happens, and the warning comes five minutes later all the same. */
  async function doesNotCount(site: Site, page: Page, happens: () => Promise<unknown>) {
    await site.leap(minutes(20));
    await happens();
    await site.leap(minutes(2));
    await site.leap(minutes(3));
    await toast(page).waitFor();
    expect(await seenAfter(site, page, minutes(20))).toBe(0);
  }

  it('typing for forty minutes keeps the session alive through `activity` calls and nothing else', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    // A field of the page that asks the server for nothing.
    await page.evaluate(() => document.body.append(document.createElement('input')));
    const field = page.locator('body > input');
    const since = site.now() + 1;
    await site.leap(seconds(1));
    for (let minute = 0; minute < 40; minute++) {
      await field.press('x');
      await site.leap(minutes(1));
    }
    expect(await toast(page).count()).toBe(0);
    const asked = site.asked.filter(({ at }) => at >= since).map(({ what }) => what);
    const others = asked.filter((what) => what !== told && what !== 'GET /api/auth/stream');
    // The token is renewed by itself, which keeps nobody signed in.
    expect(new Set(others)).toEqual(new Set(['POST /api/auth/refresh']));
    expect(asked.filter((what) => what === told).length).toBeGreaterThanOrEqual(38);
    expect(asked.filter((what) => what === told).length).toBeLessThanOrEqual(41);
    await site.close();
  });

  it('is told at most once a minute, however much is done', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(2));
    const since = site.now();
    for (let time = 0; time < 20; time++) {
      await moveMouse(page);
      await site.leap(seconds(3));
    }
    expect(site.count(told, since)).toBeGreaterThanOrEqual(1);
    expect(site.count(told, since)).toBeLessThanOrEqual(2);
    await site.close();
  });

  it('a hand that moves counts', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await counts(site, page, () => moveMouse(page));
    await site.close();
  });

  it('events that scripts make do not count', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const forge = () =>
      page.evaluate(() => {
        const types = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll', 'input'];
        for (const type of types) document.body.dispatchEvent(new Event(type, { bubbles: true }));
        document.body.click();
        window.scrollBy(0, 10);
      });
    await doesNotCount(site, page, forge);
    await site.close();
  });

  it('a pointer that the page moved under does not count', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await page.mouse.move(300, 300);
    const moves = await page.evaluateHandle(() => {
      const seen: boolean[] = [];
      document.addEventListener('pointermove', ({ isTrusted }) => seen.push(isTrusted));
      return seen;
    });
    await doesNotCount(site, page, async () => {
      const cdp = await site.context.newCDPSession(page);
      const still = { type: 'mouseMoved', x: 300, y: 300 } as const;
      for (let time = 0; time < 5; time++) await cdp.send('Input.dispatchMouseEvent', still);
      // The browser did tell the page of a pointer, and that it was a person's.
      await expect.poll(() => moves.jsonValue()).toContain(true);
    });
    await site.close();
  });

  it('being looked at, coming to the front and the network’s return do not count', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const look = async () => {
      await wake(page);
      await page.evaluate(() => {
        document.dispatchEvent(new Event('visibilitychange'));
        window.dispatchEvent(new Event('online'));
      });
    };
    await doesNotCount(site, page, look);
    await site.close();
  });

  it('work in the background does not count', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const poll = () =>
      page.evaluate(async () => {
        const headers = { 'Session-Activity': 'background' };
        for (let time = 0; time < 20; time++) await fetch('/api/conversations', { headers });
      });
    await doesNotCount(site, page, poll);
    await site.close();
  });

  it('nothing under the dialog counts but its button', async () => {
    const site = await openSite(browser);
    const page = await site.writing('under the dialog');
    // What was typed has been told by then.
    await site.leap(minutes(2));
    await site.leap(minutes(27));
    await dialog(page).waitFor();
    const since = site.now();
    await moveMouse(page);
    // No blank: it would press the button that has the focus.
    await page.keyboard.type('not-into-the-work');
    await site.leap(seconds(2));
    expect(site.count(told, since)).toBe(0);
    expect(await seenAfter(site, page, since)).toBe(0);
    expect(await composer(page).inputValue()).toBe('under the dialog');
    expect(await dialog(page).count()).toBe(1);
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });

  it('a frame of the page’s own origin is watched', async () => {
    const { site, page } = await inFixture('?inner');
    const inside = page.frameLocator('iframe[title=inner]').getByLabel('Inside');
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  it('a frame that is put into a frame of the page’s own origin later is watched, too', async () => {
    const { site, page } = await inFixture('?inner');
    const inner = page.frameLocator('iframe[title=inner]');
    await inner.getByLabel('Inside').waitFor();
    await page.evaluate(() => {
      const frame = '<iframe title="innermost" srcdoc="<label>Deep inside <input></label>"></iframe>';
      document.querySelector('iframe')?.contentDocument?.body.insertAdjacentHTML('beforeend', frame);
    });
    const inside = inner.frameLocator('iframe[title=innermost]').getByLabel('Deep inside');
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  const otherOrigin = () => `?framed=${browser.network.url.replace('localhost', '127.0.0.1')}`;

  it('a frame of another origin counts when its page tells', async () => {
    const { site, page } = await inFixture(otherOrigin());
    const inside = page.frameLocator('iframe[title=framed]').getByLabel('In the frame');
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  it('what another window or another frame says of a person does not count', async () => {
    const { site, page } = await inFixture(otherOrigin());
    await page.frameLocator('iframe[title=framed]').getByLabel('In the frame').waitFor();
    await doesNotCount(site, page, () =>
      page.evaluate(async () => {
        const heard = new Promise<void>((resolve) => {
          let count = 0;
          addEventListener('message', () => ++count === 2 && resolve());
        });
        postMessage({ kind: 'curfew.activity' }, '*');
        const stranger = document.createElement('iframe');
        stranger.srcdoc = `<script>parent.postMessage({ kind: 'curfew.activity' }, '*')</script>`;
        document.body.append(stranger);
        await heard;
      }),
    );
    await site.close();
  });
});
