import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { userOn, storedIn } from '../support/browser/user.ts';
import { meanwhile } from '../support/browser/screens.ts';
import {
  openSite,
  comeBack,
  composer,
  hide,
  lock,
  openBrowser,
  password,
  sessionOf,
  status,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';

const secret = 'the recipe of the soup';

/** What others tell a frozen tab waits in its queue: browsers freeze none that is looked at, and Playwright looks at all. */
function queueWhileFrozen() {
  const queue: (() => void)[] = [];
  let isFrozen = false;
  document.addEventListener('freeze', () => (isFrozen = true));
  document.addEventListener('resume', () => {
    isFrozen = false;
    for (const tell of queue.splice(0)) tell();
  });
  window.BroadcastChannel = class extends BroadcastChannel {
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject) {
      super.addEventListener(type, (event) => {
        const tell = () => (typeof listener === 'function' ? listener(event) : listener.handleEvent(event));
        if (isFrozen) queue.push(tell);
        else tell();
      });
    }
  };
}

describe('a computer that several people use', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function away(text = secret) {
    const site = await openSite(browser);
    const page = await site.writing(text);
    await site.leap(minutes(31));
    await lock(page).waitFor();
    return { site, page };
  }

  it('ASVS 14.3.1 after a lapse the storage holds ciphertext only, with developer tools open and in the same profile', async () => {
    const { site, page } = await away();
    const { records, local, session } = await storedIn(page);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(record).not.toMatch(/recipe|soup|Conversation|\bada\b/);
    expect(JSON.stringify(local)).not.toMatch(/recipe|soup|Conversation|"ada"/);
    // What this very tab shows on its locked screen, and no more.
    expect(JSON.stringify(session)).not.toMatch(/recipe|soup|Conversation/);
    await site.close();
  });

  it('ASVS 14.3.1 after a lapse the page holds nothing that can be read, in whatever form', async () => {
    const { site, page } = await away();
    const html = await page.content();
    expect(html).not.toMatch(/recipe|soup|Conversation 1/);
    expect(await page.title()).toBe('Signed out – Curfew');
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/recipe|Conversation 1/);
    await site.close();
  });

  it('going back in the history of a locked tab, inside the application and from elsewhere, shows the locked screen', async () => {
    const site = await openSite(browser);
    const page = await site.writing(secret);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'How it looks' }).waitFor();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await page.goBack();
    await site.leap(seconds(1));
    expect(await lock(page).isVisible()).toBe(true);
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await page.goto(`${site.url}/healthz`);
    await page.goBack();
    await lock(page).waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await site.close();
  });

  it('the key of what is kept cannot be had without the password', async () => {
    const { site, page } = await away();
    const [key, drafts] = await page.evaluate(async () => [
      (await fetch('/api/auth/vault-key')).status,
      (await fetch('/api/drafts')).status,
    ]);
    expect([key, drafts]).toEqual([401, 401]);
    await site.close();
  });

  it('somebody else signs in and sees nothing, not even that something is there; the first one comes back to all of it', async () => {
    const { site, page } = await away();
    await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|draft|saved on this device/i);
    expect(new URL(page.url()).pathname).toBe('/');
    await site.register(page, 'bob');
    await page.getByText('Nothing here yet').waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1|>ada</);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await site.close();
  });

  it('ASVS 14.3.1 signing out leaves nothing on the device', async () => {
    const site = await openSite(browser);
    const page = await site.writing(secret);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    const left = await storedIn(page);
    expect(left.records).toEqual([]);
    expect(JSON.stringify(left)).not.toMatch(/recipe|\bada\b|Conversation/);
    expect(await site.context.cookies()).toEqual([]);
    await site.close();
  });

  /** Whatever reaches the server of drafts is answered only once this is let go. */
  async function holdDrafts(site: Site) {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    const held: Promise<void>[] = [];
    await site.context.route('**/api/drafts/**', (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      const answered = route.fetch().then(async (response) => {
        sent.resolve();
        await promise;
        await route.fulfill({ response });
      });
      held.push(answered);
      return answered;
    });
    return {
      sent: sent.promise,
      async release() {
        release();
        await Promise.all(held);
      },
    };
  }

  const ways: Record<string, (site: Site, page: Page) => Promise<void>> = {
    'signing out': (_, page) => page.getByRole('button', { name: 'Sign out' }).first().click(),
    async 'deleting the account'(site, page) {
      await page.getByRole('link', { name: 'Security' }).click();
      const button = page.getByRole('button', { name: 'Delete my account' });
      await meanwhile(site, button.waitFor());
      await button.click();
      await page.getByRole('group', { name: 'Delete your account?' }).getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Delete for good' }).click();
    },
  };

  it.each(Object.keys(ways))(
    'ASVS 14.3.1 %s leaves nothing, even when the server says later that it has a copy',
    async (way) => {
      const site = await openSite(browser);
      const page = await site.writing(secret);
      const drafts = await holdDrafts(site);
      await site.context.clock.fastForward(seconds(5));
      await drafts.sent;
      await ways[way]?.(site, page);
      await page.getByLabel('User name').waitFor();
      await drafts.release();
      await site.rest();
      expect((await storedIn(page)).records).toEqual([]);
      await site.close();
    },
  );

  it.each(Object.keys(ways))(
    'ASVS 14.3.1 %s leaves nothing of other tabs, whatever comes late to them',
    async (way) => {
      const site = await openSite(browser);
      const page = await site.writing(secret);
      const other = await site.tab();
      await userOn(other).startConversation();
      await composer(other).fill('the recipe of the bread');
      await site.leap(seconds(1));
      await status(other, 'Saved');
      const drafts = await holdDrafts(site);
      await site.context.clock.fastForward(seconds(5));
      await drafts.sent;
      await composer(other).fill('the recipe of the bread and of the butter');
      await ways[way]?.(site, page);
      await page.getByLabel('User name').waitFor();
      await other.getByText("You're signed out").waitFor();
      await drafts.release();
      await site.rest();
      expect((await storedIn(page)).records).toEqual([]);
      await site.close();
    },
  );

  it('signing out waits for no tab that hangs on to what is to be erased', async () => {
    const site = await openSite(browser);
    const page = await site.writing(secret);
    const hanging = await site.open('/healthz');
    await hanging.evaluate(async () => {
      const [{ name = '' } = {}] = await indexedDB.databases();
      await new Promise((resolve) => (indexedDB.open(name).onsuccess = resolve));
    });
    const id = await sessionOf(page);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await expect.poll(() => site.count('POST /api/auth/logout')).toBe(1);
    await site.context.clock.fastForward(seconds(3));
    await page.getByLabel('User name').waitFor();
    expect((await site.world.events(id)).at(-1)).toMatchObject({ to: 'ended.signedOut' });
    await hanging.close();
    await expect.poll(async () => (await storedIn(page)).records).toEqual([]);
    await site.close();
  });

  it('a tab that was frozen meanwhile takes nothing away from the same person’s next session', async () => {
    const site = await openSite(browser);
    const page = await site.writing(secret);
    await site.context.addInitScript(queueWhileFrozen);
    const frozen = await site.tab();
    await hide(frozen);
    await frozen.evaluate(() => void document.dispatchEvent(new Event('freeze')));
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await composer(page).fill('the recipe of the bread');
    await site.context.clock.runFor(seconds(1));
    await status(page, 'Saved');
    const { records, local } = await storedIn(page);
    await frozen.evaluate(() => void document.dispatchEvent(new Event('resume')));
    await site.rest();
    const after = await storedIn(page);
    expect([after.records, after.local]).toEqual([records, local]);
    await composer(page).fill('the recipe of the bread and of the butter');
    await site.leap(seconds(1));
    await status(page, 'Saved');
    await site.close();
  });

  it('"delete from this device" at a locked screen asks twice, leaves nothing here, and leaves the server’s copy alone', async () => {
    const site = await openSite(browser);
    const page = await site.writing(secret);
    await site.leap(seconds(5));
    await expect.poll(() => site.count(/^PUT \/api\/drafts/)).toBeGreaterThan(0);
    const path = new URL(page.url()).pathname;
    await site.leap(minutes(31));
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByText('Delete what is saved on this device?').waitFor();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect((await storedIn(page)).records).toEqual([]);
    await userOn(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await site.close();
  });

  it('"delete from this device" while a password is on its way leaves nothing here, whenever the answer comes', async () => {
    const { site, page } = await away();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await page.route('**/api/auth/reauthenticate', async (route) => {
      const response = await route.fetch();
      answered.resolve();
      await released;
      await route.fulfill({ response });
      arrived.resolve();
    });
    await comeBack(page);
    await answered.promise;
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    release();
    await arrived.promise;
    await site.rest();
    expect(await storedIn(page)).toEqual({ records: [], local: {}, session: {} });
    await site.close();
  });

  it('a wrong password at the locked screen shows nothing, and the right one everything', async () => {
    const { site, page } = await away();
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await lock(page).click();
    await page.getByText("That password isn't right").waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await comeBack(page);
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await site.close();
  });
});
