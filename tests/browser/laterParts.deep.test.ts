import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { comeBack, lock, openBrowser, openSite, stream, toast, type OpenBrowser } from '../support/browser/site.ts';

const draftSent = /^PUT \/api\/drafts\//;

describe('the parts that are loaded once a tab has started', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function given() {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.context.newPage();
    const asked: string[] = [];
    const network = { isBlocked: false };
    await site.context.route(/\/(later|draftUpdate)-[^/]*\.js$/, async (route) => {
      asked.push(
        route
          .request()
          .url()
          .replace(/^.*\/(\w+)-.*$/, '$1'),
      );
      await (network.isBlocked ? route.abort() : route.continue());
    });
    const letter = page.getByLabel('Letter');
    return { site, page, asked, network, letter };
  }

  it('are loaded before a user has signed in, so that a lock without a network has them', async () => {
    const { site, page, asked } = await given();
    await page.goto(`${site.url}/`);
    await page.getByRole('button', { name: 'Enter' }).waitFor();
    await expect.poll(() => asked).toEqual(['later']);
    await site.close();
  });

  it('cannot be loaded: the page warns, locks in time and gives everything back, and they do their part once they can', async () => {
    const { site, page, asked, network, letter } = await given();
    network.isBlocked = true;
    await page.goto(`${site.url}/`);
    await enter(page);
    await letter.fill('kept on this device');
    await site.leap(seconds(5));
    expect(new Set(asked)).toEqual(new Set(['later', 'draftUpdate']));
    expect(site.count(stream)).toBe(0);
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await site.leap(minutes(6));
    await lock(page).waitFor();
    expect(await letter.count()).toBe(0);
    await comeBack(page);
    await expect.poll(() => letter.inputValue()).toBe('kept on this device');
    expect(site.count(draftSent)).toBe(0);
    network.isBlocked = false;
    await site.leap(minutes(1) + seconds(5));
    await expect.poll(() => site.count(stream)).toBeGreaterThan(0);
    await expect.poll(() => site.count(draftSent)).toBeGreaterThan(0);
    await site.close();
  });
});
