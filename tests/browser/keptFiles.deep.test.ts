import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, locks, offered, openForms, settle, unlocks } from '../support/browser/forms.ts';
import { openBrowser, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const chosen = (page: Page) =>
  field(page, 'Scan').evaluate((input: HTMLInputElement) =>
    Promise.all([...(input.files ?? [])].map(async (file) => `${file.name} (${file.type}): ${await file.text()}`)),
  );
const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

describe('what was chosen and what was written in place, without a hook', () => {
  it('files are there again with their bytes; one that is too large is named on the locked screen, and not claimed', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter');
    await field(page, 'Scan').setInputFiles([file('a.txt', 'first'), file('b.txt', 'second')]);
    await field(page, 'Scan').evaluate((input: HTMLInputElement) => {
      const transfer = new DataTransfer();
      for (const each of input.files ?? []) transfer.items.add(each);
      transfer.items.add(new File([new Uint8Array(10_000_001)], 'film.mp4'));
      input.files = transfer.files;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settle(site);
    await settle(site);
    await locks(site, page);
    await page.getByText('film.mp4 is not saved: it is larger than 10 MB.').waitFor();
    expect(await page.getByText(/^Saved on this device: 1 form/).count()).toBe(1);
    await unlocks(site, page);
    await expect.poll(() => chosen(page)).toEqual(['a.txt (text/plain): first', 'b.txt (text/plain): second']);
    await expect.poll(() => offered(page).allInnerTexts()).toEqual([expect.stringContaining('film.mp4')]);
    expect(await page.getByText('Welcome back. Everything').count()).toBe(0);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => chosen(page)).toEqual(['a.txt (text/plain): first', 'b.txt (text/plain): second']);
    await site.close();
  });

  it('files of more than 50 MB together: what has room is there again, and the others are named', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter');
    await field(page, 'Scan').evaluate((input: HTMLInputElement) => {
      const transfer = new DataTransfer();
      for (const name of ['1', '2', '3', '4', '5', '6'])
        transfer.items.add(new File([new Uint8Array(9_000_000)], name));
      input.files = transfer.files;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settle(site);
    await locks(site, page);
    await page.getByText('6 is not saved: your files are larger than 50 MB together.').waitFor();
    await unlocks(site, page);
    const sizes = () =>
      field(page, 'Scan').evaluate((input: HTMLInputElement) => [...input.files!].map((each) => each.size));
    await expect.poll(sizes).toEqual(Array.from({ length: 5 }, () => 9_000_000));
    await expect.poll(() => offered(page).allInnerTexts()).toEqual([expect.stringContaining('6 is not saved')]);
    await site.close();
  });

  it('text in place is built again from what is allowed, and never from markup', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose');
    const notes = field(page, 'Notes');
    await notes.click();
    await page.keyboard.type('before ');
    await notes.evaluate((element) => {
      const evil = document.createElement('div');
      evil.innerHTML =
        '<b>bold</b><img src="x" onerror="done.push(1)"><script>done.push(2)</script>' +
        '<a href="javascript:done.push(3)" onclick="done.push(4)">bad</a><a href="https://example.com/">good</a>' +
        '<iframe srcdoc="x"></iframe><u style="position:fixed" class="c">u</u>&lt;i&gt;no markup&lt;/i&gt;';
      element.append(evil);
    });
    await page.keyboard.type('!');
    await settle(site);
    await locks(site, page);
    await unlocks(site, page);
    await expect
      .poll(() => notes.innerHTML())
      .toMatch(
        /^before !?<div><b>bold<\/b><a>bad<\/a><a href="https:\/\/example.com\/">good<\/a><u>u<\/u>&lt;i&gt;no markup&lt;\/i&gt;!?<\/div>$/,
      );
    await site.close();
  });

  it('a device that keeps nothing says so, and what was typed stays in the page through the lock', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter');
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await field(page, 'Body').fill('nowhere but here');
    await settle(site);
    await locks(site, page);
    await page.getByText('Body is not saved: this browser keeps nothing.').waitFor();
    expect(await page.getByText('Saved on this device').count()).toBe(0);
    expect(await page.content()).not.toContain('nowhere but here');
    await unlocks(site, page);
    await expect.poll(() => field(page, 'Body').inputValue()).toBe('nowhere but here');
    await site.close();
  });

  it('what keeps forms cannot be loaded for a while: nothing is lost, and nothing is claimed', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter');
    await page.route('**/savedForms-*.js', (route) => route.abort());
    await page.reload();
    await inside(page);
    await field(page, 'Body').fill('before it was loaded');
    await settle(site);
    await locks(site, page);
    expect(await page.getByText('Saved on this device').count()).toBe(0);
    await unlocks(site, page);
    expect(await field(page, 'Body').inputValue()).toBe('');
    await page.unroute('**/savedForms-*.js');
    await site.leap(5_000);
    await settle(site);
    await expect.poll(() => field(page, 'Body').inputValue()).toBe('before it was loaded');
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => field(page, 'Body').inputValue()).toBe('before it was loaded');
    await site.close();
  });
});
