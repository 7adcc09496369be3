import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Duration, Policy } from '../../../machines/index.ts';
import { createWorld } from '../server/world.ts';
import type { Network } from './network.ts';
import { launchOptions } from './chromium.ts';
import { application, password, registers, remembered } from './site.ts';

/** A browser whose tabs are hidden when they are behind another one: Playwright calls every page visible. */
export function openTabbed(): Promise<Browser> {
  const { executablePath = '', args = [] } = launchOptions();
  return puppeteer.launch({
    executablePath,
    args,
    // What Chromium does to the timers of a hidden page is what is looked at.
    ignoreDefaultArgs: [
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  });
}

/** Somebody who is writing in one tab of a browser. Only the test moves the server's clock; the tab's goes on by itself. */
export async function writing(browser: Browser, network: Network, text: string, policy: Partial<Policy> = {}) {
  const world = await createWorld({ policy, root: application, origin: network.url });
  network.serve((request, env) => world.app.fetch(request, env));
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${network.url}/healthz`);
  const id = await page.evaluate(registers, { username: 'ada', password, title: 'Conversation 1' });
  await page.goto(`${network.url}/conversations/${id}`);
  await page.locator('textarea').fill(text);
  await page.locator('.app-status ::-p-text(Saved)').wait();
  const session = await page.evaluate(remembered);
  return {
    world,
    page,
    log: () => world.events(session),
    /** Time passes on the server and on the device, and no timer has found out yet. */
    passes: async (duration: Duration) => {
      world.pass(duration);
      await page.evaluate((ms) => {
        const before = Date.now.bind(Date);
        Date.now = () => before() + ms;
      }, duration);
    },
    /** Another tab comes to the front, and this one is hidden. */
    goesBehind: async () => {
      const front = await context.newPage();
      await front.bringToFront();
      await page.waitForFunction(() => document.visibilityState === 'hidden', { polling: 'mutation' });
    },
    close: () => context.close(),
  };
}

/** Waits for an element, in a hidden page, too, which draws nothing. */
export const there = (page: Page, selector: string) =>
  page.waitForFunction((wanted) => document.querySelector(wanted) !== null, { polling: 'mutation' }, selector);
