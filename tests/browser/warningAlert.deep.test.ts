import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { dialog, hide, lock, openSite, sharedBrowser, show, stay, toast, type Site } from '../support/browser/site.ts';

const browser = sharedBrowser();

/**
 * Notes what the browser itself is asked for, shows and plays.
 *
 * @param answer what the user says to the browser's question, which no browser without a screen can put
 */
const noting = (answer: NotificationPermission) => {
  const noted = { asked: 0, shown: [] as [string, string][], open: 0, sounds: 0, focused: 0 };
  const all: Notification[] = [];
  class NotedNotification extends Notification {
    static override requestPermission(): Promise<NotificationPermission> {
      noted.asked += 1;
      return Promise.resolve(answer);
    }
    constructor(title: string, options: NotificationOptions) {
      super(title, options);
      all.push(this);
      noted.shown.push([title, options.body ?? '']);
      this.addEventListener('show', () => (noted.open += 1));
      this.addEventListener('close', () => (noted.open -= 1));
    }
  }
  class NotedOscillator extends OscillatorNode {
    override start(when?: number) {
      noted.sounds += 1;
      super.start(when);
    }
  }
  Object.assign(window, {
    noted,
    Notification: NotedNotification,
    OscillatorNode: NotedOscillator,
    focus: () => (noted.focused += 1),
    click: () => all.at(-1)?.dispatchEvent(new Event('click')),
  });
};

interface Noted {
  readonly asked: number;
  readonly shown: readonly [string, string][];
  readonly open: number;
  readonly sounds: number;
  readonly focused: number;
}
const noted = (page: Page) => page.evaluate<Noted>('noted');

async function openNoting(answer: NotificationPermission = 'granted'): Promise<{ site: Site; page: Page }> {
  const permissions = answer === 'granted' ? ['notifications'] : [];
  const site = await openSite(browser, { context: { permissions, timezoneId: 'UTC', locale: 'en-GB' } });
  await site.context.addInitScript(noting, answer);
  return { site, page: await site.signedIn() };
}

const box = (page: Page, name: string) => page.getByRole('checkbox', { name });

/** Chooses it in the settings, and waits until it is saved. */
async function choose(page: Page, ...names: string[]) {
  await page.getByRole('link', { name: 'Settings' }).click();
  for (const name of names) {
    const isSaved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await box(page, name).click();
    await (await isSaved).finished();
    await expect.poll(() => box(page, name).isChecked()).toBe(true);
  }
}

describe('a user who has allowed it', () => {
  it('is told of each stage of the warning in a hidden tab by a notification, which goes when it is not true any more', async () => {
    const { site, page } = await openNoting();
    await choose(page, 'Show a notification');
    await hide(page);
    await site.leap(minutes(25));
    await expect.poll(() => noted(page)).toMatchObject({ open: 1, sounds: 0 });
    const at = new Date(site.world.now() + minutes(5)).toISOString().slice(11, 16);
    expect((await noted(page)).shown).toEqual([
      ['Signing out soon – Curfew', `You'll be signed out at ${at}. Your work is saved. This leads back to the page.`],
    ]);
    await site.leap(minutes(3));
    await expect.poll(async () => (await noted(page)).shown.length).toBe(2);
    await expect.poll(() => noted(page)).toMatchObject({ open: 1 });
    await page.evaluate('click()');
    await expect.poll(() => noted(page)).toMatchObject({ open: 0, focused: 1 });
    await show(page);
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });

    await hide(page);
    await site.leap(minutes(25));
    await expect.poll(() => noted(page)).toMatchObject({ open: 1 });
    await show(page);
    await expect.poll(() => noted(page)).toMatchObject({ open: 0 });
    await site.close();
  });

  it('has no notification left once the page is locked', async () => {
    const { site, page } = await openNoting();
    await choose(page, 'Show a notification');
    await hide(page);
    await site.leap(minutes(25));
    await expect.poll(() => noted(page)).toMatchObject({ open: 1 });
    await site.leap(minutes(6));
    await lock(page).waitFor();
    await expect.poll(() => noted(page)).toMatchObject({ open: 0 });
    await site.close();
  });

  it('is not told of what they have seen in the page', async () => {
    const { site, page } = await openNoting();
    await choose(page, 'Show a notification', 'Play a short sound');
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await hide(page);
    await site.leap(seconds(10));
    expect(await noted(page)).toMatchObject({ shown: [], sounds: 0 });
    await site.leap(minutes(3));
    await expect.poll(() => noted(page)).toMatchObject({ open: 1, sounds: 1 });
    await site.close();
  });

  it('hears a sound without a notification, too, and hears it once where several tabs are hidden', async () => {
    const { site, page } = await openNoting();
    await choose(page, 'Play a short sound');
    const beside = await site.tab();
    await beside.getByRole('button', { name: 'Sign out' }).waitFor();
    await Promise.all([hide(page), hide(beside)]);
    await site.leap(minutes(25));
    const both = async () => (await Promise.all([page, beside].map(noted))).map(({ sounds }) => sounds);
    await expect.poll(async () => (await both()).toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect((await Promise.all([page, beside].map(noted))).flatMap(({ shown }) => shown)).toEqual([]);
    await site.close();
  });
});

describe('a user who has allowed nothing', () => {
  it('is asked by the browser when they choose it, and never before', async () => {
    const { site, page } = await openNoting('denied');
    await site.rest();
    await page.getByRole('link', { name: 'Settings' }).click();
    await box(page, 'Show a notification').waitFor();
    expect(await box(page, 'Show a notification').isChecked()).toBe(false);
    expect(await box(page, 'Play a short sound').isChecked()).toBe(false);
    expect(await noted(page)).toMatchObject({ asked: 0 });
    await box(page, 'Show a notification').click();
    await page.getByText('Your browser doesn’t let this page show notifications.').waitFor();
    expect(await box(page, 'Show a notification').isChecked()).toBe(false);
    expect(await noted(page)).toMatchObject({ asked: 1 });
    await hide(page);
    await site.leap(minutes(25));
    await expect.poll(() => page.title()).toMatch(/^(5:00|4:59) – Signing out soon – /);
    expect(await noted(page)).toMatchObject({ shown: [], sounds: 0 });
    await site.close();
  });
});
