import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, locks, openForms, settle, unlocks } from '../support/browser/forms.ts';
import { openBrowser, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Everything that this origin has stored, as text; bytes as they would read, and as they are written in base64. */
const everyStore = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const ask = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error());
      });
    const said: string[] = [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(history.state),
      window.name,
      document.cookie,
    ];
    const say = (value: unknown): void => {
      if (value instanceof Uint8Array) said.push(new TextDecoder('latin1').decode(value));
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(say);
      else said.push(String(value));
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await ask(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        say(await ask(records.getAllKeys()));
        say(await ask(records.getAll()));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        said.push(request.url, (await (await cache.match(request))?.text()) ?? '');
    }
    // The origin's own files.
    const files = await navigator.storage.getDirectory();
    for await (const name of files.keys()) said.push(name);
    return said.join('\n');
  });

const never = ['Pass', 'Shown', 'Replaced', 'Card', 'Current', 'Code', 'Old', 'New', 'Skipped', 'Under'];
const canary = (label: string) => `canary-of-${label.toLowerCase()}`;

describe('what may never be kept', () => {
  it('is in no store and in no request, and not given back: passwords, shown ones too, cards, codes, and what is skipped', async () => {
    const { site, page } = await openForms(browser, 'parts=Secrets');
    const sent: string[] = [];
    page.on('request', (request) =>
      sent.push(request.url(), request.postData() ?? '', JSON.stringify(request.headers())),
    );
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    for (const label of never) await field(page, label).fill(canary(label));
    await field(page, 'Under in place').pressSequentially(canary('place'));
    await page.evaluate(() => {
      const hidden = document.querySelector<HTMLInputElement>('[name=hidden]')!;
      hidden.value = 'canary-of-hidden';
      hidden.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await field(page, 'Known').fill('known to be kept');
    await settle(site);
    const whileOpen = await everyStore(page);
    await locks(site, page);
    const stored = whileOpen + (await everyStore(page));
    // The look itself would see it: what is no secret is there, encrypted.
    expect(stored).toContain('form.');
    expect(stored).not.toContain('canary');
    expect(stored).not.toContain('known to be kept');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.join('\n')).not.toContain('canary');
    expect(await page.content()).not.toContain('canary');
    await unlocks(site, page);
    await expect.poll(() => field(page, 'Known').inputValue()).toBe('known to be kept');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    for (const label of never) expect(await field(page, label).inputValue()).toBe('');
    expect(await field(page, 'Under in place').innerText()).toBe('');
    // What is in the record is read by its own key, in the page: nothing of the secrets is in it.
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    expect(await page.content()).not.toContain('canary');
    await site.close();
  });

  it('is not sealed, either: what is encrypted holds nothing but what may be kept', async () => {
    const { site, page } = await openForms(browser, 'parts=Secrets');
    await page.evaluate(() => {
      const sealed: string[] = [];
      Object.assign(window, { sealed });
      // oxlint-disable-next-line typescript/unbound-method -- the proxy calls it on what it was called on
      SubtleCrypto.prototype.encrypt = new Proxy(SubtleCrypto.prototype.encrypt, {
        apply(real, subtle, [how, key, data]: Parameters<SubtleCrypto['encrypt']>) {
          sealed.push(new TextDecoder().decode(data));
          return real.call(subtle, how, key, data);
        },
      });
    });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    for (const label of never) await field(page, label).fill(canary(label));
    await field(page, 'Known').fill('known to be kept');
    await settle(site);
    const sealed = await page.evaluate(() => (Reflect.get(window, 'sealed') as string[]).join('\n'));
    expect(sealed).toContain('known to be kept');
    expect(sealed).not.toContain('canary');
    await site.close();
  });

  it('nor is what the browser has filled in, until it is edited', async () => {
    const { site, page } = await openForms(browser, 'parts=Secrets,Address');
    // No automation makes this browser fill in a form by itself: what its own filling does is done in its place.
    await page.evaluate(() => {
      const filled = new WeakSet<Element>();
      // oxlint-disable-next-line typescript/unbound-method -- the proxy calls it on what it was called on
      Element.prototype.matches = new Proxy(Element.prototype.matches, {
        apply: (real, element: Element, [selector]: [string]) =>
          selector === ':autofill' ? filled.has(element) : real.call(element, selector),
      });
      const fill = (css: string, value: string) => {
        const element = document.querySelector<HTMLInputElement>(css)!;
        filled.add(element);
        element.value = value;
        for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }));
        element.addEventListener('keydown', () => filled.delete(element));
      };
      fill('[name=known]', 'canary of the browser');
      fill('[name=street]', 'canary of a street');
      fill('[name=land]', 'br');
    });
    await settle(site);
    await locks(site, page);
    expect(await page.getByText('Saved on this device').count()).toBe(0);
    await unlocks(site, page);
    expect(await field(page, 'Known').inputValue()).toBe('');
    expect(await field(page, 'Street').inputValue()).toBe('');
    expect(await field(page, 'Land').inputValue()).toBe('at');
    await field(page, 'Street').fill('typed by hand');
    await settle(site);
    await locks(site, page);
    await unlocks(site, page);
    await expect.poll(() => field(page, 'Street').inputValue()).toBe('typed by hand');
    await site.close();
  });

  it('nothing of it is there for another user of the same browser, and it is deleted with the device’s data', async () => {
    const { site, page } = await openForms(browser, 'parts=Secrets,Steps');
    await field(page, 'Known').fill('of Ada');
    await settle(site);
    await locks(site, page);
    await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await page.getByRole('button', { name: 'Enter as Eve' }).click();
    await inside(page);
    await settle(site);
    expect(await field(page, 'Known').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Enter again' }).click();
    await inside(page);
    await settle(site);
    await expect.poll(() => field(page, 'Known').inputValue()).toBe('of Ada');
    await locks(site, page);
    await page.getByRole('button', { name: 'Delete from this device' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('button', { name: 'Enter again' }).click();
    await inside(page);
    await settle(site);
    expect(await field(page, 'Known').inputValue()).toBe('');
    await site.close();
  });
});
