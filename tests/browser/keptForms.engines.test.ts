import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setup as prepareFixture } from '../support/browser/prepareFixture.ts';
import { filledIn, openForms } from '../support/engines/forms.ts';
import type { Engine, EnginePage } from '../support/engines/page.types.ts';
import { openFirefox } from '../support/engines/puppeteer.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const engines = { Firefox: openFirefox, WebKit: openWebKit };

const whole = {
  subject: 'Re: half a form',
  body: 'the key is 4711',
  copy: 'true',
  mail: 'true',
  country: 'br',
  plain: 'typed',
  notes: 'in place',
  scan: 'a.txt: bytes of a file',
};

/** What is typed by hand, and what no automation opens by hand: a list to choose from, and files. */
async function fillIn(page: EnginePage): Promise<void> {
  const type = async (css: string, words: string) => {
    await page.run('document.querySelector(arguments[0]).focus()', css);
    await page.type(words);
  };
  await page.run('const it = document.querySelector("[name=subject]"); it.focus(); it.setSelectionRange(9, 9)');
  await page.type('half a form');
  await type('[name=body]', 'the key is 4711');
  await page.click('[name=copy][value=bob]');
  await page.click('[name=kind][value=mail]');
  await type('#plain', 'typed');
  await type('#notes', 'in place');
  await page.click('#notify');
  await type('[name=pass]', 'canary');
  await type('[name=card]', 'canary');
  await page.run(
    `const tell = (field) => ['input', 'change'].forEach((type) => field.dispatchEvent(new Event(type, { bubbles: true })));
    const country = document.querySelector('#country');
    country.value = 'br';
    tell(country);
    const scan = document.querySelector('[name=scan]');
    const chosen = new DataTransfer();
    chosen.items.add(new File(['bytes of a file'], 'a.txt', { type: 'text/plain' }));
    scan.files = chosen.files;
    tell(scan);`,
  );
}

/** Everything that this origin has in its databases, as text. */
const stored = (page: EnginePage) =>
  page.run<string>(
    `const ask = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const bytes = (_, value) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value);
    return (async () => {
      const said = [JSON.stringify({ ...localStorage, ...sessionStorage })];
      for (const { name } of await indexedDB.databases()) {
        const database = await ask(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
          const records = database.transaction(store).objectStore(store);
          said.push(JSON.stringify(await ask(records.getAllKeys())));
          said.push(JSON.stringify(await ask(records.getAll()), bytes));
        }
        database.close();
      }
      return said.join();
    })();`,
  );

beforeAll(prepareFixture);

describe.each(['Firefox', 'WebKit'] as const)('what is filled in, without a hook, in %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engines[name]();
  });
  afterAll(() => engine?.close());

  it('Promise 5: is there again after the lock and after a reload, with the bytes of files; and nothing that may not be kept', async () => {
    const { site, page, lock, unlock } = await openForms(engine, 'parts=Letter,Loose,Secrets');
    await fillIn(page);
    expect(await filledIn(page)).toEqual(whole);
    await lock();
    const kept = await stored(page);
    expect(kept).toContain('form.');
    expect(kept).toContain('file.');
    for (const secret of ['4711', 'half a form', 'bytes of a file', 'canary']) expect(kept).not.toContain(secret);
    expect(await page.run('return document.documentElement.outerHTML')).not.toContain('4711');
    await unlock();
    await expect.poll(() => filledIn(page)).toEqual(whole);
    // A switch without a form may do something by itself: it is offered.
    await expect.poll(() => page.run('return document.querySelector(".curfew-kept li").innerText')).toContain('Notify');
    expect(await page.run('return done')).toEqual(['patched']);
    expect(await page.run('return document.querySelector("[name=pass]").value')).toBe('');
    expect(await page.run('return document.querySelector("[name=card]").value')).toBe('');

    await page.run('window.before = true; location.reload()');
    await expect.poll(() => page.run('return window.before === undefined')).toBe(true);
    await expect.poll(() => filledIn(page)).toEqual(whole);
    await site.stop();
  });
});
