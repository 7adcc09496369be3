import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds, type Duration } from '../../machines/index.ts';
import { fixture } from '../support/browser/fixture.ts';
import { lock, openBrowser, openSite, password, type OpenBrowser } from '../support/browser/site.ts';
import { storedIn } from '../support/browser/user.ts';
import { createWorld, type World } from '../support/server/world.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Ids that are the same in every application that makes them in the same order. */
function sameIds(): () => string {
  let made = 0;
  return () => `id-of-at-least-128-bits-${made++}`;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const text = (page: Page) => page.getByLabel('Letter');
const reads = (page: Page, value: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, value);

/**
 * Two applications on one origin, beneath /letters and /notes: a server, a cookie and users each, and one browser. Whatever
 * has an id has the same in both.
 */
async function twoApplications(mode: 'cookie' | 'bearer') {
  const options = { origin: browser.network.url, cookieName: 'notes', newId: sameIds() };
  const notes = await createWorld({ ...options, secret: 'another secret of at least thirty-two bytes' });
  const site = await openSite(browser, {
    newId: sameIds(),
    pages: (path) => fixture(path.replace(/^\/(letters|notes)\//, '/')),
    routes(_, request, env) {
      const url = new URL(request.url);
      if (!url.pathname.startsWith('/notes/api/')) return null;
      url.pathname = url.pathname.replace('/notes', '');
      return notes.app.fetch(new Request(url, request), env);
    },
  });
  const leap = async (ms: Duration) => {
    await site.rest();
    notes.pass(ms);
    await site.leap(ms);
  };
  /** Types, until the server has it. */
  const type = async (page: Page, world: World, value: string) => {
    const before = await world.rows('drafts');
    await text(page).fill(value);
    // It is saved here first, which takes what it takes, and there some seconds later.
    await leap(seconds(1));
    const later = async () => {
      await leap(seconds(3));
      return world.rows('drafts');
    };
    await expect.poll(later).not.toEqual(before);
  };
  const enter = async (world: World, path: string, value: string) => {
    const page = await site.open(path + (mode === 'bearer' ? '&bearer' : ''));
    await button(page, 'Enter').click();
    await type(page, world, value);
    return page;
  };
  const letters = await enter(site.world, '/letters/?leave', 'Dear Charles,');
  const other = await enter(notes, '/notes/?leave&base=/notes', 'milk, bread');
  const ids = await Promise.all([site.world, notes].map(async ({ users }) => (await users.byName('ada'))?.id));
  expect(ids[0]).toBe(ids[1]);
  return { site, letters, notes: other, leap, type: (value: string) => type(other, notes, value) };
}

describe.each(['cookie', 'bearer'] as const)('two applications on one origin, by %s', (mode) => {
  it('keep what is typed apart, also for users of one id', async () => {
    const { site, letters, notes, type } = await twoApplications(mode);
    await Promise.all([letters.reload(), notes.reload()]);
    await reads(letters, 'Dear Charles,');
    await reads(notes, 'milk, bread');
    // Another tab of the one learns of it as ever.
    const another = await site.open(new URL(notes.url()).pathname + new URL(notes.url()).search);
    await reads(another, 'milk, bread');
    await type('milk, bread, tea');
    await another.reload();
    await reads(another, 'milk, bread, tea');
    await letters.reload();
    await reads(letters, 'Dear Charles,');
    await site.close();
  });

  it('lock by themselves, and come back by themselves', async () => {
    const { site, letters, notes, leap } = await twoApplications(mode);
    await leap(minutes(20));
    await text(notes).press('End');
    await leap(seconds(1));
    await leap(minutes(11));
    await lock(letters).waitFor();
    await reads(notes, 'milk, bread');
    expect(await lock(notes).count()).toBe(0);

    await letters.getByLabel('Password', { exact: true }).fill(password);
    await lock(letters).click();
    await reads(letters, 'Dear Charles,');
    await leap(minutes(20));
    await lock(notes).waitFor();
    expect(await lock(letters).count()).toBe(0);
    await site.close();
  });

  it('are left one by one, and the other keeps everything', async () => {
    const { site, letters, notes, leap } = await twoApplications(mode);
    await button(letters, 'Sign out').click();
    await button(letters, 'Enter').waitFor();
    await leap(seconds(6));
    await reads(notes, 'milk, bread');
    await notes.reload();
    await reads(notes, 'milk, bread');
    const { local, records } = await storedIn(notes);
    expect(Object.keys(local).filter((key) => !key.endsWith('@/notes/api'))).toEqual([]);
    expect(records.length).toBeGreaterThan(0);

    await button(notes, 'Sign out').click();
    await button(notes, 'Enter').waitFor();
    expect(await storedIn(notes)).toMatchObject({ local: {}, records: [] });
    await site.close();
  });

  it('end a sign-in elsewhere each for itself, in one window one after the other', async () => {
    const { site, letters, notes } = await twoApplications(mode);
    const heardIn = (page: Page, name: string) =>
      page.evaluate((channel) => {
        const heard: unknown[] = [];
        new BroadcastChannel(channel).addEventListener('message', ({ data }) => {
          if (data.kind === 'signedIn') heard.push(data.problem);
        });
        Object.assign(window, { heard });
      }, name);
    await heardIn(letters, 'curfew');
    await heardIn(notes, 'curfew@/notes/api');
    const page = await site.open('/healthz');
    await page.evaluate(() => {
      sessionStorage.setItem('curfew.return', '"/letters/?leave"');
      sessionStorage.setItem('curfew.return@/notes/api', '"/notes/?leave&base=/notes"');
    });
    await page.goto(`${site.url}/notes/signed-in.html?base=/notes&problem=stale_proof`);
    await page.waitForURL(/\/notes\/\?leave/);
    const told = (where: Page) => where.evaluate(() => 'heard' in window && window.heard);
    await expect.poll(() => told(notes)).toEqual(['stale_proof']);
    expect(await told(letters)).toEqual([]);
    expect((await storedIn(page)).session).toMatchObject({ 'curfew.return': '"/letters/?leave"' });
    await site.close();
  });
});
