import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { openModals } from '../support/engines/locking.ts';
import type { Engine, EnginePage } from '../support/engines/page.types.ts';
import { openFirefox } from '../support/engines/puppeteer.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const engines = { Firefox: openFirefox, WebKit: openWebKit };

/** An extension that sees to it that a tab is called what it wants. */
const renames = `addEventListener('DOMContentLoaded', () => {
  const put = () => { if (!document.title.startsWith('(3) ')) document.title = '(3) mine'; };
  new MutationObserver(put).observe(document.head, { childList: true, subtree: true, characterData: true });
  put();
});`;

/** A browser that keeps nothing, as in a frame of another site. */
const denies = `for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
Object.defineProperty(window, 'BroadcastChannel', {
  value: function denied() { throw new DOMException('denied', 'SecurityError'); },
});`;

/** A database that never answers. */
const hangs = `IDBFactory.prototype.open = () => new EventTarget();`;

const letter = (page: EnginePage) => page.run<string | undefined>('return document.querySelector("textarea")?.value');

/** Writes a letter, until the server has it. */
async function write(page: EnginePage): Promise<void> {
  await page.click('textarea');
  await page.type('the key is 4711');
  const stored = `return fetch('/api/drafts').then((response) => response.json()).then(({ drafts }) => drafts.length)`;
  await expect.poll(() => page.run<number>(stored)).toBe(1);
}

describe.each(['Firefox', 'WebKit'] as const)('%s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engines[name]();
  });
  afterAll(() => engine?.close());

  it('does not hang where an extension keeps a title of its own, over the warning and the lock', async () => {
    const { site, page, lock, unlock } = await openModals(engine, renames);
    site.world.pass(minutes(28));
    const isWarned = async () => {
      await page.run('dispatchEvent(new Event("focus"))');
      return page.run('return document.querySelector("[role=alertdialog]") !== null');
    };
    await expect.poll(isWarned).toBe(true);
    expect(await page.run('return document.title')).toBe('(3) mine');
    await lock();
    await unlock();
    expect(await page.run('return document.title')).toBe('(3) mine');
    await site.stop();
  });

  it.each([
    ['storage is denied', denies, 'SecurityError'],
    ['the database never answers', hangs, 'EventTarget'],
  ])('has the server’s copy again after the lock where %s', async (_, script, found) => {
    const { page, site, lock, unlock } = await openModals(engine, script);
    const opening = 'try { return indexedDB.open("any").constructor.name; } catch ({ name }) { return name; }';
    expect(await page.run(opening)).toBe(found);
    await write(page);
    await lock();
    expect(await page.run('return document.documentElement.outerHTML')).not.toContain('4711');
    await unlock();
    await expect.poll(() => letter(page)).toBe('the key is 4711');
    await site.stop();
  });
});
