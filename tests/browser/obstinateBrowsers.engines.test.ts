import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { setup as prepareFixture } from '../support/browser/prepareFixture.ts';
import { openFixture } from '../support/engines/fixture.ts';
import { openModals } from '../support/engines/locking.ts';
import type { Engine, EnginePage } from '../support/engines/page.types.ts';
import { openFirefox } from '../support/engines/puppeteer.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const engines = { Firefox: openFirefox, WebKit: openWebKit };

/** Extensions that see to it that a tab is called what they want, with what is called so in the end. */
const renaming = {
  'keeps a name of its own': [`if (document.title !== 'mine') document.title = 'mine'`, /^mine$/],
  'counts before the title': [
    `if (!document.title.startsWith('(3) ')) document.title = '(3) ' + document.title`,
    /^\(3\) /,
  ],
  'counts behind the title': [`if (!document.title.endsWith(' (3)')) document.title += ' (3)'`, / \(3\)$/],
} as const;

const renames = (put: string) => `addEventListener('DOMContentLoaded', () => {
  const put = () => { ${put} };
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

beforeAll(prepareFixture);

describe.each(['Firefox', 'WebKit'] as const)('%s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engines[name]();
  });
  afterAll(() => engine?.close());

  it.each(Object.entries(renaming))(
    'does not hang where an extension %s, over the warning and the lock',
    async (_, [put, named]) => {
      const { site, page, lock, unlock } = await openModals(engine, renames(put));
      site.world.pass(minutes(28));
      const isWarned = async () => {
        await page.run('dispatchEvent(new Event("focus"))');
        return page.run('return document.querySelector("[role=alertdialog]") !== null');
      };
      await expect.poll(isWarned).toBe(true);
      expect(await page.run('return document.title')).toMatch(named);
      await lock();
      await unlock();
      const title = await page.run<string>('return document.title');
      expect(title).toMatch(named);
      expect(title.length).toBeLessThan(60);
      await site.stop();
    },
  );

  it('has the words of each of two providers in two languages once in its title, and then the title that it had', async () => {
    const { site, page, looks } = await openFixture(engine, '?beside');
    await page.run('location.reload()');
    await expect.poll(() => page.run('return document.querySelectorAll("textarea").length')).toBe(2);
    const title = () => page.run<string>('return document.title');
    const before = await title();
    site.world.pass(minutes(25));
    const words = async () => {
      await looks();
      return (await title()).match(/Signing out soon – |Bald abgemeldet – /g)?.toSorted();
    };
    await expect.poll(words).toEqual(['Bald abgemeldet – ', 'Signing out soon – ']);
    // Whatever corrects what is beside it would do so until now.
    expect(await words()).toEqual(['Bald abgemeldet – ', 'Signing out soon – ']);
    expect((await title()).endsWith(before)).toBe(true);
    await page.click('textarea');
    await page.type('a');
    await expect.poll(title).toBe(before);
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
