import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../machines/index.ts';
import { userOn } from '../support/browser/user.ts';
import {
  openSite,
  composer,
  openBrowser,
  password,
  status,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';

const written = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);

async function type(site: Site, page: Page, text: string) {
  await composer(page).fill(text);
  await site.leap(seconds(1));
  await status(page, 'Saved');
}
/** Until the server has one more copy. */
async function sync(site: Site, page: Page) {
  const kept = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
  await site.leap(seconds(3));
  await kept;
}

describe('two copies of one draft', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  /** Begun on the train, gone on with there without a network, and then at home; the train arrives. */
  async function arrive(began: string, onTrain: string, atHome: string) {
    const site = await openSite(browser);
    const train = await site.writing(began);
    await sync(site, train);
    const home = await site.open(new URL(train.url()).pathname, await site.anotherBrowser());
    await userOn(home).signIn('ada', password);
    await written(home, began);
    await site.context.setOffline(true);
    await type(site, train, onTrain);
    await type(site, home, atHome);
    await sync(site, home);
    await site.context.setOffline(false);
    await train.reload();
    await written(train, atHome);
    return { site, train };
  }

  it('that differ: the newer is shown, the older is offered, and what is chosen stays', async () => {
    const { site, train } = await arrive('the beginning', 'typed on the train', 'typed at home');
    await train.getByText('There is another copy of this draft').waitFor();
    await train.getByText('typed on the train').waitFor();
    await train.getByRole('button', { name: 'Use the other copy' }).click();
    await written(train, 'typed on the train');
    await site.leap(seconds(1));
    await status(train, 'Saved');
    await train.reload();
    await written(train, 'typed on the train');
    await site.network.quiet();
    expect(await train.getByText('There is another copy').count()).toBe(0);
    await site.close();
  });

  it('of which one has every word of the other are one, and nobody is asked', async () => {
    const { site, train } = await arrive('Dear Bob', 'Dear Bob, thank you', 'Dear Bob, thank you for the letter');
    await site.network.quiet();
    expect(await train.getByText('There is another copy').count()).toBe(0);
    await site.close();
  });
});
