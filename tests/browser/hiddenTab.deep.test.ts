import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { createNetwork, type Network } from '../support/browser/network.ts';
import { openTabbed, there, writing } from '../support/browser/hiddenTab.ts';

/** Real timers of a real machine, which may be busy. */
const patience = { timeout: 60_000 };
const lock = '.curfew-locked form';

describe('a tab behind another one', () => {
  let browser: Browser;
  let network: Network;
  beforeAll(async () => {
    [browser, network] = await Promise.all([openTabbed(), createNetwork()]);
  });
  afterAll(async () => {
    await browser?.close();
    await network?.stop();
  });

  it('is locked when it comes to the front after the end, before anybody touches it', async () => {
    const { passes, page, log, goesBehind, close } = await writing(browser, network, 'behind');
    await goesBehind();
    const before = await log();
    await passes(minutes(31));
    await page.bringToFront();
    await there(page, lock);
    expect(await page.content()).not.toContain('behind');
    const since = (await log()).slice(before.length);
    expect(since.map(({ type, to }) => [type, to])).toEqual([
      ['clock.reached', 'active.expiring'],
      ['clock.reached', 'lapsed.idle'],
    ]);
    await close();
  });

  it('asks how things stand when it comes to the front, and that does not count as activity', async () => {
    const { passes, page, log, goesBehind, close } = await writing(browser, network, 'not touched');
    await goesBehind();
    const before = await log();
    await passes(minutes(20));
    const asked = page.waitForResponse((response) => response.url().endsWith('/api/auth/session-info'));
    await page.bringToFront();
    await (await asked).text();
    await goesBehind();
    await passes(minutes(10));
    await page.bringToFront();
    await there(page, lock);
    const since = (await log()).slice(before.length);
    expect(since.map(({ type }) => type)).not.toContain('activity.seen');
    await close();
  });

  it('warns and is locked in time, and the log says that it was hidden', async () => {
    const policy = { idleTimeout: seconds(12), warnBefore: seconds(6) };
    const { world, page, log, goesBehind, close } = await writing(browser, network, 'hidden', policy);
    await goesBehind();
    world.pass(seconds(6));
    await expect
      .poll(async () => (await log()).filter(({ type }) => type === 'warning.shown').map(({ data }) => data), patience)
      .toEqual([{ stage: 'toast', visible: false }]);
    world.pass(seconds(6));
    await there(page, lock);
    expect(await page.evaluate(() => [document.visibilityState, document.title])).toEqual([
      'hidden',
      expect.stringMatching(/^Signed out – /),
    ]);
    await close();
  });

  it('that was frozen is locked when it thaws after the end, and its content is never shown again before', async () => {
    const { passes, page, goesBehind, close } = await writing(browser, network, 'frozen');
    await goesBehind();
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
    await there(page, lock);
    const seen = await frames.jsonValue();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).not.toContain(true);
    expect(await page.content()).not.toContain('frozen');
    await close();
  });
});
