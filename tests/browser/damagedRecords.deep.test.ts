import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter, fixture } from '../support/browser/fixture.ts';
import { inside, locks, openForms, settle, unlocks } from '../support/browser/forms.ts';
import { comeBack, openBrowser, openSite, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** What may have become of a record. Each gives, as an expression of JavaScript, what is there instead. */
const damages = {
  'changed in one bit': '(record.envelope.ciphertext[3] ^= 1, record)',
  'half written': '((record.envelope.ciphertext = record.envelope.ciphertext.slice(0, 9)), record)',
  'without half of what they have': '(delete record.envelope.iv, record)',
  'no records at all': '"a text"',
  'of a newer schema': '((record.envelope.schema = 9), record)',
  'of another person': '((record.envelope.keyId = "theirs"), record)',
  'larger than all others': '((record.envelope.ciphertext = new Uint8Array(5_000_000)), record)',
  gone: 'undefined',
} as const;

/** Goes over every record of this origin, behind the page's back. @param instead what is put there instead */
const records = (page: Page, instead = 'record') =>
  page.evaluate<number[]>(`(async () => {
    const ask = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const sizes = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await ask(indexedDB.open(name));
      const records = database.transaction('records', 'readwrite').objectStore('records');
      for (const key of await ask(records.getAllKeys())) {
        const record = await ask(records.get(key));
        sizes.push(record?.envelope?.ciphertext?.length ?? 0);
        const next = ${instead};
        if (next === undefined) await ask(records.delete(key));
        else if (${JSON.stringify(instead)} !== 'record') await ask(records.put(next, key));
      }
      database.close();
    }
    return sizes;
  })()`);

/** Until what was written last is on this device. */
const written = (page: Page) =>
  expect.poll(async () => (await records(page)).some((size) => size > 9 && size < 1_000)).toBe(true);

const said = (page: Page) => page.getByText("1 form or text of yours can't be read any more.");

/** What is gone cannot be told of; whatever else becomes of a record is. */
async function isSaidOf(kind: string, page: Page) {
  if (kind === 'gone') expect(await said(page).count()).toBe(0);
  else await said(page).waitFor();
}

/** What the page could not cope with. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  return errors;
}

/** Somebody who has filled in a form, which is on this device. */
async function filledIn() {
  const { site, page } = await openForms(browser, 'parts=Loose');
  const errors = errorsOf(page);
  const plain = page.getByLabel('Plain', { exact: true });
  await plain.fill('the key is 4711');
  await settle(site);
  return { site, page, errors, plain };
}

describe.each(Object.entries(damages))('records that are %s', (kind, instead) => {
  it('of a draft: the server’s copy is back, and what is written next is kept', async () => {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open('/?plain');
    const errors = errorsOf(page);
    await enter(page);
    const letter = page.getByLabel('Letter');
    await letter.fill('Dear Charles,');
    // It is sent some time after it is on this device, which takes what it takes.
    const sent = async () => {
      await site.leap(5_000);
      return site.count(/^PUT \/api\/drafts/);
    };
    await expect.poll(sent).toBeGreaterThan(0);
    await locks(site, page);
    expect((await records(page, instead)).length).toBeGreaterThan(0);
    await comeBack(page);
    await expect.poll(() => letter.inputValue()).toBe('Dear Charles,');
    await letter.fill('Dear Charles, once more');
    await settle(site);
    await written(page);
    await page.reload();
    await expect.poll(() => letter.inputValue()).toBe('Dear Charles, once more');
    expect(errors).toEqual([]);
    await site.close();
  });

  it('of a form: nothing is shown in its place, it is said where it is there still, and what is written next is kept', async () => {
    const { site, page, errors, plain } = await filledIn();
    await locks(site, page);
    expect((await records(page, instead)).length).toBeGreaterThan(0);
    await unlocks(site, page);
    expect(await plain.inputValue()).toBe('');
    await isSaidOf(kind, page);
    await plain.fill('and goes on');
    await settle(site);
    await written(page);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => plain.inputValue()).toBe('and goes on');
    expect(errors).toEqual([]);
    await site.close();
  });

  it('of a form: it is said after a reload, too', async () => {
    const { site, page, errors, plain } = await filledIn();
    await written(page);
    expect((await records(page, instead)).length).toBeGreaterThan(0);
    await page.reload();
    await inside(page);
    await settle(site);
    expect(await plain.inputValue()).toBe('');
    await isSaidOf(kind, page);
    expect(errors).toEqual([]);
    await site.close();
  });

  it('of a draft that is on this device alone: it is said, and what is written next is kept', async () => {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open('/?plain');
    const errors = errorsOf(page);
    await page.route(/\/api\/drafts/, (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await enter(page);
    const letter = page.getByLabel('Letter');
    await letter.fill('Dear Charles,');
    await settle(site);
    await written(page);
    await locks(site, page);
    expect((await records(page, instead)).length).toBeGreaterThan(0);
    await comeBack(page);
    await expect.poll(() => letter.inputValue()).toBe('');
    await settle(site);
    await isSaidOf(kind, page);
    await letter.fill('Dear Charles, once more');
    await settle(site);
    await written(page);
    await page.reload();
    await expect.poll(() => letter.inputValue()).toBe('Dear Charles, once more');
    expect(errors).toEqual([]);
    await site.close();
  });
});
