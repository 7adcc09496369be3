import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { moveMouse } from '../support/browser/mouse.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { dialog, openBrowser, openSite, stay, toast, type OpenBrowser, type Site } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const text = (page: Page) => page.getByLabel('Letter');

async function inFixture(query = '') {
  const site = await openSite(browser, { pages: fixture });
  const page = await site.open(`/${query}`);
  await enter(page);
  return { site, page };
}
const typesOf = async (site: Site, page: Page) => (await site.log(page)).map(({ type }) => type);

/** The toast comes, something happens in the page, and it goes; the warning comes again its whole time later. */
async function extendsBy(site: Site, page: Page, happens: () => Promise<unknown>) {
  await site.leap(minutes(25));
  await toast(page).waitFor();
  await happens();
  await toast(page).waitFor({ state: 'detached' });
  await site.leap(minutes(24));
  expect(await toast(page).count()).toBe(0);
  expect((await typesOf(site, page)).filter((type) => type === 'session.extended')).toHaveLength(1);
}

describe('under the first warning', () => {
  it.each<[string, (page: Page) => Promise<unknown>]>([
    ['typing', (page) => text(page).pressSequentially('Dear Charles,')],
    ['a click', (page) => page.locator('main').click({ position: { x: 2, y: 2 } })],
    // The order of a screen reader in Firefox: neither a pointer nor a key.
    ['a press by assistive technology', (page) => page.getByRole('button', { name: 'Hold' }).click()],
  ])('%s extends, once and quietly', async (what, happens) => {
    const { site, page } = await inFixture();
    if (what.includes('assistive'))
      await page.evaluate(() => {
        const stop = (event: Event) => event.stopImmediatePropagation();
        for (const type of ['pointerdown', 'mousedown', 'pointermove']) addEventListener(type, stop, { capture: true });
      });
    await extendsBy(site, page, () => happens(page));
    if (what === 'typing') expect(await text(page).inputValue()).toBe('Dear Charles,');
    await site.close();
  });

  it('a hand that moves, F6, Tab, Shift and what is done in the warning itself do not', async () => {
    const { site, page } = await inFixture();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await moveMouse(page);
    await page.mouse.wheel(0, 10);
    await page.keyboard.press('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.press('F6');
    await page.keyboard.press('ArrowDown');
    await toast(page).getByRole('button', { name: 'Dismiss' }).click();
    await site.leap(seconds(2));
    expect(await typesOf(site, page)).not.toContain('session.extended');
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await site.close();
  });
});

describe('the dialog', () => {
  it('takes a key at once where none was pressed as it opened', async () => {
    const { site, page } = await inFixture();
    await text(page).press('a');
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await typesOf(site, page)).toContain('session.extended');
    await site.close();
  });

  it('takes no key that was on its way to the page, and each after a pause', async () => {
    const { site, page } = await inFixture();
    await text(page).fill('Dear Charles,');
    await site.leap(minutes(28) - seconds(1));
    await page.keyboard.press('Shift');
    await site.leap(seconds(1));
    await dialog(page).waitFor();
    // It has just opened, and the sentence goes on.
    for (const key of [' ', 'a', 'Enter', 'Escape', ' ']) await page.keyboard.press(key);
    await site.rest();
    expect(await typesOf(site, page)).not.toContain('session.extended');
    await page.clock.runFor(300);
    await page.keyboard.press(' ');
    await page.clock.runFor(499);
    await page.keyboard.press('Enter');
    await site.rest();
    expect(await typesOf(site, page)).not.toContain('session.extended');
    expect(await text(page).inputValue()).toBe('Dear Charles,');
    await page.clock.runFor(500);
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await typesOf(site, page)).toContain('session.extended');
    await site.close();
  });

  it('takes a click at once', async () => {
    const { site, page } = await inFixture();
    await site.leap(minutes(28));
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.close();
  });
});

describe('work elsewhere', () => {
  /** Twenty minutes go, something happens, and the warning comes twenty-five minutes after that. */
  async function counts(site: Site, page: Page, happens: () => Promise<unknown>) {
    await site.leap(minutes(20));
    await happens();
    await site.leap(seconds(1));
    await site.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    await site.leap(minutes(1));
    await toast(page).waitFor();
  }

  it('in a window that the page has opened counts, and in the next page it shows', async () => {
    const { site, page } = await inFixture();
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(() => void window.open('/inner.html', 'work', 'popup,width=400,height=300')),
    ]);
    const inside = popup.getByLabel('Inside');
    await inside.waitFor();
    await site.leap(seconds(1));
    await counts(site, page, () => inside.press('x'));
    await stay(page).click();
    await popup.goto(`${site.url}/inner.html?again`);
    await inside.waitFor();
    await site.leap(seconds(1));
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  it('in a frame in a shadow root counts', async () => {
    const { site, page } = await inFixture();
    await page.evaluate(() => {
      const host = document.createElement('div');
      host.attachShadow({ mode: 'open' }).innerHTML = '<iframe title="deep" src="/inner.html"></iframe>';
      document.body.append(host);
    });
    const inside = page.frameLocator('iframe[title=deep]').getByLabel('Inside');
    await inside.focus();
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  it('in a picture in picture that the page has opened counts', async () => {
    const { site, page } = await inFixture();
    await page.evaluate(() => {
      const open = async () => {
        const pictures = Reflect.get(window, 'documentPictureInPicture');
        const opened: Window = await pictures.requestWindow({ width: 300, height: 200 });
        opened.document.body.innerHTML = '<input aria-label="In the picture">';
      };
      // Browsers let a page open it in answer to a click.
      addEventListener('click', () => void open(), { once: true });
    });
    const [picture] = await Promise.all([site.context.waitForEvent('page'), text(page).click()]);
    const inside = picture.getByLabel('In the picture');
    await inside.waitFor();
    await site.leap(seconds(1));
    await counts(site, page, () => inside.press('x'));
    await site.close();
  });

  it('in a frame in a closed shadow root counts once the application says so, and until it takes that back', async () => {
    const { site, page } = await inFixture();
    await page.evaluate(() => {
      const host = document.createElement('div');
      const frame = document.createElement('iframe');
      frame.src = '/inner.html';
      host.attachShadow({ mode: 'closed' }).append(frame);
      document.body.append(host);
      Object.assign(window, { frame });
    });
    await expect.poll(() => page.frames().length).toBe(2);
    const inside = page.frames()[1]!.getByLabel('Inside');
    await inside.waitFor();
    const countsNot = async () => {
      await site.leap(minutes(20));
      await inside.press('x');
      await site.leap(minutes(5));
      await toast(page).waitFor();
      await stay(page).click();
      await toast(page).waitFor({ state: 'detached' });
    };
    await countsNot();
    await page.evaluate(() => {
      const { contentWindow } = Reflect.get(window, 'frame') as HTMLIFrameElement;
      Object.assign(window, { stopWatching: Reflect.get(window, 'watchInput')(contentWindow) });
    });
    await counts(site, page, () => inside.press('x'));
    await stay(page).click();
    await toast(page).waitFor({ state: 'detached' });
    await page.evaluate(() => Reflect.get(window, 'stopWatching')());
    await countsNot();
    await site.close();
  });

  it('of a person whose reports are blocked keeps the session, by another route, and they are told', async () => {
    const site = await openSite(browser, { pages: fixture });
    site.fails((what) => (what === 'POST /api/auth/activity' ? 'unheard' : null));
    const page = await site.open('/');
    await enter(page);
    for (let minute = 0; minute < 40; minute++) {
      await text(page).press('x');
      await site.leap(minutes(1));
    }
    expect(await toast(page).count()).toBe(0);
    expect(await dialog(page).count()).toBe(0);
    const told = page.getByRole('status').filter({ hasText: 'such as an ad blocker' });
    await told.waitFor();
    await told.getByRole('button', { name: 'Dismiss' }).click();
    await told.waitFor({ state: 'detached' });
    expect((await typesOf(site, page)).filter((type) => type === 'session.extended').length).toBeLessThanOrEqual(6);
    await site.close();
  });
});
