import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { firstHouse, firstPages } from '../golden/first/house.ts';
import { recorded, recordedDatabase, restored, type Profile } from '../golden/first/profile.ts';
import {
  comeBack,
  composer,
  dialog,
  lock,
  openBrowser,
  openSite,
  status,
  stay,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';
import { storedIn, userOn } from '../support/browser/user.ts';

// What later builds have to get along with is recorded once; see golden/first.

let opened: OpenBrowser;
beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened?.close());

const out = (page: Page) => page.getByRole('button', { name: 'Sign out' }).first();
const reads = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);
async function nothingIsLeft(page: Page): Promise<void> {
  const left = async () => {
    const { records, local } = await storedIn(page);
    return { records, local };
  };
  await expect.poll(left).toEqual({ records: [], local: {} });
}

const { secret, profiles } = recorded();

describe.each(profiles)('what the first build left in a browser, $mode mode', (profile) => {
  const begun = () => openSite(opened, { secret, place: recordedDatabase() });

  /** Reads all drafts where they were written. */
  async function readAll(page: Page, { drafts }: Profile): Promise<void> {
    for (const { conversation, text, other } of drafts) {
      await page.getByRole('link', { name: conversation }).click();
      await page.getByRole('heading', { name: conversation }).waitFor();
      await reads(page, text);
      if (other !== null) await page.getByText(other).waitFor();
    }
  }

  it('opens in the tab that was open then: signed in, where it was, with all drafts; signing out erases them', async () => {
    const stage = await begun();
    const page = await restored(stage.context, stage.url, profile);
    await page.goto(`${stage.url}${profile.path}`);
    await out(page).waitFor();
    await reads(page, profile.drafts.at(-1)?.text ?? '');
    const copies = await stage.world.rows('drafts');
    await readAll(page, profile);
    // The one that only the device had reaches the server now.
    await stage.leap(seconds(3));
    expect(await stage.world.rows('drafts')).toHaveLength(copies.length + 1);
    expect(stage.count(/^POST \/api\/auth\/(login|register|reauthenticate)$/)).toBe(0);

    await out(page).click();
    await page.getByLabel('User name').waitFor();
    await nothingIsLeft(page);
    await stage.close();
  });

  it('opens in a new tab of that browser, is locked when the time is up, and restored', async () => {
    const stage = await begun();
    const page = await restored(stage.context, stage.url, { ...profile, session: {} });
    await page.goto(profile.mode === 'bearer' ? `${stage.url}/?transport=bearer` : stage.url);
    await readAll(page, profile);
    await stage.leap(minutes(31));
    await lock(page).waitFor();
    await comeBack(page);
    await out(page).waitFor();
    await readAll(page, profile);
    expect((await stage.log(page)).map(({ type }) => type)).toContain('user.reauthenticated');
    await stage.close();
  });
});

describe.each(['cookie', 'bearer'] as const)('a tab of the first build beside one of today, %s mode', (mode) => {
  /** A tab to which the first build's application is served, from the same origin. */
  async function firstTab({ context, url }: Site): Promise<Page> {
    const pages = (await firstHouse()).pages(firstPages());
    const page = await context.newPage();
    await page.route(
      ({ pathname }) => !pathname.startsWith('/api/'),
      async (route) => {
        const response = await pages.request(route.request().url());
        const body = Buffer.from(await response.arrayBuffer());
        await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
      },
    );
    await page.goto(mode === 'bearer' ? `${url}/?transport=bearer` : url);
    return page;
  }

  it.each([
    ['the first build', 'today’s', 0],
    ['today’s', 'the first build', 1],
  ])('what is done in %s is so in %s', async (_, __, first) => {
    const stage = await openSite(opened);
    const old = await firstTab(stage);
    await userOn(old).register('ada', 'correct horse battery');
    const today = await stage.open(mode === 'bearer' ? '/?transport=bearer' : '/');
    await out(today).waitFor();
    const [one, other] = first === 0 ? [old, today] : [today, old];

    // A draft that is written in one is read in the other.
    await userOn(one).startConversation();
    await composer(one).fill('written in one');
    await stage.leap(seconds(1));
    await status(one, 'Saved');
    await other.goto(one.url());
    await reads(other, 'written in one');

    await stage.leap(minutes(28));
    await Promise.all([one, other].map((page) => dialog(page).waitFor()));
    // No word of the server's reaches a tab by itself: what the other knows it has from the one.
    opened.network.hush();
    await stay(one).click();
    await Promise.all([one, other].map((page) => dialog(page).waitFor({ state: 'detached' })));
    opened.network.unhush();

    await stage.leap(minutes(31));
    await Promise.all([one, other].map((page) => lock(page).waitFor()));
    await comeBack(one);
    await Promise.all([one, other].map((page) => out(page).waitFor()));
    await Promise.all([one, other].map((page) => reads(page, 'written in one')));

    await stage.rest();
    opened.network.hush();
    await out(one).click();
    await other.getByText('You signed out.').waitFor();
    await one.getByLabel('User name').waitFor();
    opened.network.unhush();
    await nothingIsLeft(one);
    await stage.close();
  });
});
