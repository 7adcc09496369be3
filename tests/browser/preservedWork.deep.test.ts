import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { userOn } from '../support/browser/user.ts';
import {
  openSite,
  comeBack,
  composer,
  lock,
  openBrowser,
  password,
  status,
  type OpenBrowser,
} from '../support/browser/site.ts';

const written = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);

describe('preserved work', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('survives a reload', async () => {
    const site = await openSite(browser);
    const page = await site.writing('before the reload');
    await page.reload();
    await written(page, 'before the reload');
    await site.close();
  });

  it('what was typed in the last moment before a reload survives, too', async () => {
    const site = await openSite(browser);
    const page = await site.writing('first');
    await composer(page).press('End');
    await composer(page).pressSequentially(' and last');
    // Not a moment passes: the page goes before its own timer has saved anything.
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide')));
    await status(page, 'Saved');
    await page.reload();
    await written(page, 'first and last');
    await site.close();
  });

  it('survives a crash of its tab', async () => {
    const site = await openSite(browser);
    const page = await site.writing('before the crash');
    const path = new URL(page.url()).pathname;
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    const cdp = await site.context.newCDPSession(page);
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await page.close();
    const again = await site.open(path);
    await written(again, 'before the crash');
    await site.close();
  });

  it('comes back from the server after the browser has evicted its storage', async () => {
    const site = await openSite(browser);
    const page = await site.writing('evicted');
    await site.leap(seconds(5));
    await expect.poll(() => site.count(/^PUT \/api\/drafts/)).toBeGreaterThan(0);
    const path = new URL(page.url()).pathname;
    await page.goto(`${site.url}/healthz`);
    const cdp = await site.context.newCDPSession(page);
    await cdp.send('Storage.clearDataForOrigin', { origin: site.url, storageTypes: 'indexeddb,local_storage' });
    await page.goto(`${site.url}${path}`);
    await written(page, 'evicted');
    await site.close();
  });

  it('comes back on another device from the server', async () => {
    const site = await openSite(browser);
    const page = await site.writing('on the first device');
    await site.leap(seconds(5));
    await expect.poll(() => site.count(/^PUT \/api\/drafts/)).toBeGreaterThan(0);
    const other = await site.open(new URL(page.url()).pathname, await site.anotherBrowser());
    await userOn(other).signIn('ada', password);
    await written(other, 'on the first device');
    await site.close();
  });

  it.each([
    [
      'a device whose storage is full',
      () => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
      },
    ],
    [
      'a private window without storage',
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('private', 'SecurityError');
        };
      },
    ],
  ])('%s says that it does not keep, and the server does', async (_, refuse) => {
    const site = await openSite(browser);
    await site.context.addInitScript(refuse);
    const page = await site.signedIn();
    await userOn(page).startConversation();
    await composer(page).fill('nowhere but there');
    await site.leap(seconds(1));
    await page.getByText('Not saved on this device, only on the server.').waitFor();
    await page.reload();
    await written(page, 'nowhere but there');
    await site.close();
  });

  it('that can be kept nowhere says so in words, and stays on the screen', async () => {
    const site = await openSite(browser);
    await site.context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('private', 'SecurityError');
      };
    });
    const page = await site.signedIn();
    await userOn(page).startConversation();
    site.fails((what) => (what.includes('/api/drafts') ? 'error' : null));
    await composer(page).fill('only here');
    await site.leap(seconds(1));
    await page.getByText('Not saved. Copy it elsewhere before you leave.').waitFor();
    expect(await composer(page).inputValue()).toBe('only here');
    await site.close();
  });

  it('WCAG 2.2.5 everything is as it was: value, selection, scroll of the field and of the messages, focus, route and theme', async () => {
    const site = await openSite(browser, { context: { viewport: { width: 1000, height: 500 } } });
    const page = await site.signedIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Dark').check();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.getByRole('link', { name: 'Curfew' }).first().click();
    await userOn(page).startConversation();
    for (let message = 0; message < 8; message++) {
      await composer(page).fill(`message ${message}\n\n\nthat is long`);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.waitForFunction((count) => document.querySelectorAll('time').length === count, message + 1);
    }
    const text = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    await composer(page).fill(text);
    await composer(page).evaluate((field: HTMLTextAreaElement) => {
      document.querySelector('.app-messages')?.scrollTo(0, 30);
      field.focus();
      field.setSelectionRange(17, 29);
      field.scrollTop = 60;
    });
    const place = () =>
      page.evaluate(() => {
        const field = document.querySelector('textarea');
        return {
          value: field?.value,
          selection: [field?.selectionStart, field?.selectionEnd],
          scroll: Math.round(field?.scrollTop ?? -1),
          messages: Math.round(document.querySelector('.app-messages')?.scrollTop ?? -1),
          isFocused: document.activeElement === field,
          path: location.pathname,
          theme: document.documentElement.dataset['theme'],
          top: Math.round(document.scrollingElement?.scrollTop ?? -1),
        };
      });
    await site.leap(seconds(1));
    await status(page, 'Saved');
    const before = await place();
    expect(before).toMatchObject({ selection: [17, 29], scroll: 60, messages: 30, isFocused: true, theme: 'dark' });
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await comeBack(page);
    await page.getByText('Welcome back. Everything is where you left it.').waitFor();
    await expect.poll(place).toEqual(before);
    await page.reload();
    await expect.poll(place).toEqual(before);
    await site.close();
  });

  it('WCAG 2.2.5 an open panel is open, with what was typed in it, its selection and the focus', async () => {
    const site = await openSite(browser);
    const page = await site.writing('beside an open panel');
    await page.getByRole('button', { name: 'Rename' }).click();
    const title = page.getByLabel('Title', { exact: true });
    const place = () =>
      title.evaluate((field: HTMLInputElement) => ({
        value: field.value,
        selection: [field.selectionStart, field.selectionEnd],
        isFocused: document.activeElement === field,
      }));
    expect(await place()).toEqual({ value: 'Conversation 1', selection: [0, 14], isFocused: true });
    await page.keyboard.type('A better name');
    await title.evaluate((field: HTMLInputElement) => field.setSelectionRange(2, 8));
    const before = { value: 'A better name', selection: [2, 8], isFocused: true };
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await page.content()).not.toContain('A better name');
    await comeBack(page);
    await expect.poll(place).toEqual(before);
    await page.reload();
    await expect.poll(place).toEqual(before);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A better name' }).waitFor();
    await site.close();
  });

  it('a conversation that is renamed before it has been loaded is called as was said, whatever comes later', async () => {
    const site = await openSite(browser);
    const page = await site.writing('before the title is known');
    let isFirst = true;
    let arrive = () => {};
    const arrives = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/api/conversations/*', async (route) => {
      if (!isFirst) return route.continue();
      isFirst = false;
      const response = await route.fetch();
      await arrives;
      return route.fulfill({ response });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.keyboard.type('A better name');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Conversations' }).getByText('A better name').waitFor();
    const late = page.waitForResponse((response) => response.request().method() === 'GET');
    arrive();
    await late;
    await page.getByRole('heading', { name: 'A better name' }).waitFor();
    await site.close();
  });

  it('WCAG 2.2.5 a question is still asked with the focus beside it, and not on a page it was not asked on', async () => {
    const site = await openSite(browser);
    const page = await site.writing('beside a question');
    const asked = page.getByRole('group', { name: 'Delete this conversation?' });
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await asked.waitFor();
    await composer(page).focus();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await comeBack(page);
    await asked.waitFor();
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);

    await page.goto(`${site.url}/settings`);
    await page.getByLabel('Dark').waitFor();
    await page.getByRole('link', { name: 'Curfew' }).first().click();
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await composer(page).waitFor();
    expect(await asked.count()).toBe(0);
    await site.close();
  });

  it('the locked screen lists what is kept, with labels, counts and ages', async () => {
    const site = await openSite(browser);
    const page = await site.writing('counted');
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await page
      .getByText(/^Saved on this device: 1 conversation, 1 draft \(\d+ minutes ago\), and settings\.$/)
      .waitFor();
    await site.close();
  });
});
