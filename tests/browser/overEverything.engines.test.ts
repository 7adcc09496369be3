import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { changedMarks, openModals, pictureOf, readable, rememberMarks } from '../support/engines/locking.ts';
import type { Engine } from '../support/engines/page.types.ts';
import { openChromium, openFirefox } from '../support/engines/puppeteer.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const engines = { Chromium: openChromium, Firefox: openFirefox, WebKit: openWebKit };

// A page that hangs is found out by its driver; to go over a dozen modals may take long on a busy machine.
const patience = { timeout: minutes(6) };

describe.each(['Chromium', 'Firefox', 'WebKit'] as const)('the locked screen in %s', patience, (name) => {
  // WebKit smooths the letters in another way each time something else is laid out.
  const comparesPictures = name !== 'WebKit';
  let engine: Engine;
  beforeAll(async () => {
    engine = await engines[name]();
  });
  afterAll(() => engine?.close());

  it('Promise 5: hides whatever an application had opened, is used at once, and leaves each as it was', async () => {
    const { site, page, kinds, lock, unlock } = await openModals(engine);
    await lock();
    const plain = await pictureOf(page);
    await unlock();
    for (const kind of kinds) {
      await page.run('openOne(arguments[0])', kind);
      await rememberMarks(page);
      await lock();
      expect([kind, ...(await readable(page))]).toEqual([kind]);
      if (comparesPictures) expect([kind, (await pictureOf(page)) === plain]).toEqual([kind, true]);
      await unlock();
      await expect.poll(async () => [kind, ...(await changedMarks(page))]).toEqual([kind]);
      await page.run('closeOne()');
    }
    await site.stop();
  });

  it('Promise 5: hides whatever an application opens meanwhile, and goes on taking the password', async () => {
    const { site, page, kinds, lock, unlock } = await openModals(engine);
    await lock();
    const plain = await pictureOf(page);
    for (const kind of kinds) {
      await page.run('openOne(arguments[0])', kind);
      if (comparesPictures) expect([kind, (await pictureOf(page)) === plain]).toEqual([kind, true]);
      expect([kind, ...(await readable(page))]).toEqual([kind]);
      // A few keys say as much as a whole password, and each of them is drawn.
      await page.type('key');
      const typed = `const field = document.querySelector('.curfew-locked input[type=password]'); return field.value`;
      expect([kind, await page.run(typed)]).toEqual([kind, 'key']);
      await page.run('document.querySelector(".curfew-locked input[type=password]").select()');
      await page.key('Backspace');
      await page.run('closeOne()');
    }
    await unlock();
    await site.stop();
  });

  it('Promise 5: covers what fills the screen, which is as it was once the user is back', async () => {
    const { site, page, lock, unlock } = await openModals(engine);
    const filled = () => page.run<string | null>('return document.fullscreenElement?.tagName ?? null');
    await page.key('F8');
    await expect.poll(filled).toBe('SECTION');
    await rememberMarks(page);
    await lock();
    expect(await readable(page)).toEqual([]);
    await unlock();
    expect(await filled()).toBe('SECTION');
    await expect.poll(() => changedMarks(page)).toEqual([]);
    await page.run('return document.exitFullscreen().then(() => null)');
    await site.stop();
  });

  it('blanks the windows that the page has opened, wherever they go on to, and leaves those that it opens itself', async () => {
    const { site, page, lock, unlock } = await openModals(engine);
    const shown = () =>
      page.run<boolean[]>(
        `return opened.map(({ document }) => [...document.querySelectorAll('p, dialog')].some((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true })))`,
      );
    await page.key('F6');
    await expect.poll(shown).toEqual([true]);
    await page.show();
    await lock();
    expect(await shown()).toEqual([false]);
    await page.run('opened[0].before = true; opened[0].location.reload()');
    await expect.poll(() => page.run('return opened[0].before ?? null')).toBe(null);
    await expect.poll(shown).toEqual([false]);

    await page.key('F6');
    await expect.poll(shown).toEqual([false, true]);
    await page.show();
    await page.run('document.querySelector(".curfew-locked input[type=password]").focus()');
    await unlock();
    expect(await shown()).toEqual([true, true]);
    await page.run('for (const each of opened) each.close()');
    await site.stop();
  });
});
