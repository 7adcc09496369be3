import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { comeBack, lock, sharedBrowser, openSite } from '../support/browser/site.ts';

const browser = sharedBrowser();

const secret = 'the key is 4711';

async function entered() {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open('/?plain');
  await enter(page);
  return { site, page };
}

describe('Promise 5: at the lock', () => {
  it('what fills the screen is unseen beneath the locked screen, which is used at once, and fills it again afterwards', async () => {
    const { site, page } = await entered();
    await page.evaluate((text) => {
      const board = document.body.appendChild(document.createElement('section'));
      board.id = 'board';
      board.style.cssText = 'background: red; color: white';
      board.append(text);
      // Browsers let a page fill the screen in answer to a click.
      addEventListener('click', () => void board.requestFullscreen(), { once: true });
    }, secret);
    await page.getByLabel('Letter').click();
    const board = () =>
      page.evaluate(() => {
        const element = document.querySelector('#board');
        return {
          fills: document.fullscreenElement === element,
          isShown: element?.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
          onTop: element?.contains(document.elementFromPoint(innerWidth / 2, innerHeight / 2)),
          style: element?.getAttribute('style'),
          marks: element?.getAttributeNames(),
        };
      });
    await expect.poll(board).toMatchObject({ fills: true, isShown: true, onTop: true });
    const before = await board();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    expect(await board()).toMatchObject({ isShown: false, onTop: false });
    expect(await page.locator('html').ariaSnapshot()).not.toContain('4711');
    expect(await page.locator('html').innerText()).not.toContain('4711');
    await comeBack(page);
    await page.getByLabel('Letter').waitFor({ state: 'attached' });
    await expect.poll(board).toEqual(before);
    await site.close();
  });

  it('a Document Picture-in-Picture window is blank, also with what comes to it later, and as it was afterwards', async () => {
    const { site, page } = await entered();
    await page.evaluate((text) => {
      const open = async () => {
        const pictures = Reflect.get(window, 'documentPictureInPicture');
        const opened: Window = await pictures.requestWindow({ width: 300, height: 200 });
        opened.document.body.innerHTML = `<p style="color: red">${text}</p>`;
        Reflect.set(window, 'picture', opened);
      };
      // Browsers let a page open it in answer to a click.
      addEventListener('click', () => void open(), { once: true });
    }, secret);
    await page.getByLabel('Letter').click();
    await page.waitForFunction(() => Reflect.has(window, 'picture'));
    const picture = () =>
      page.evaluate(() => {
        const { document }: Window = Reflect.get(window, 'picture');
        return {
          shown: [...document.querySelectorAll('p, dialog')].map((each) =>
            each.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
          ),
          html: document.documentElement.outerHTML,
          sheets: document.adoptedStyleSheets.length,
        };
      });
    const before = await picture();
    expect(before).toMatchObject({ shown: [true], sheets: 0 });
    await site.leap(minutes(30) - seconds(1));
    expect((await picture()).shown).toEqual([true]);
    await site.leap(seconds(1));
    expect((await picture()).shown).toEqual([false]);
    await lock(page).waitFor();
    await page.evaluate(() => {
      const { document }: Window = Reflect.get(window, 'picture');
      const dialog = document.body.appendChild(document.createElement('dialog'));
      dialog.append('4711, too');
      dialog.showModal();
    });
    expect((await picture()).shown).toEqual([false, false]);
    await page.evaluate(() => (Reflect.get(window, 'picture') as Window).document.querySelector('dialog')?.remove());
    await comeBack(page);
    await page.getByLabel('Letter').waitFor();
    await expect.poll(picture).toEqual(before);
    await site.close();
  });
});
