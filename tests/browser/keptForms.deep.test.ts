import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../machines/index.ts';
import { doneBy, formsOnDisk, inside, locks, offered, openForms, settle, unlocks } from '../support/browser/forms.ts';
import { openBrowser, passwordField, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function fillLetter(page: Page) {
  await field(page, 'Subject').fill('Re: half a form');
  await field(page, 'Body').fill('Dear Bob,\nthe key is 4711');
  await field(page, 'Copy to bob').check();
  await field(page, 'By mail').check();
  await field(page, 'Country').selectOption('br');
}

const letter = (page: Page) =>
  page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('#letter')!;
    const given = new FormData(form);
    given.delete('scan');
    return [...given].map(([name, value]) => `${name}=${typeof value === 'string' ? value : ''}`);
  });

const whole = ['subject=Re: half a form', 'body=Dear Bob,\nthe key is 4711', 'copy=bob', 'kind=mail', 'country=br'];

describe('what is filled in, without a hook', () => {
  it('is there again after the lock: text, textarea, checkbox, radio and select, controlled and uncontrolled', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter');
    await fillLetter(page);
    expect(await letter(page)).toEqual(whole);
    await settle(site);
    await locks(site, page);
    expect(await page.content()).not.toContain('4711');
    await page.getByText(/^Saved on this device: 1 form \(\d+ minutes ago\)\.$/).waitFor();
    await unlocks(site, page);
    await expect.poll(() => letter(page)).toEqual(whole);
    expect(await offered(page).count()).toBe(0);
    await page.getByText('Welcome back. Everything is where you left it.').waitFor();
    // What is typed next is kept with the rest.
    await field(page, 'Body').fill('Dear Bob, once more');
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => letter(page)).toEqual(whole.with(1, 'body=Dear Bob, once more'));
    await site.close();
  });

  it('survives a reload in the last moment, and a crash', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter,Loose');
    await fillLetter(page);
    // Not a moment passes: the page goes before its own timer has saved anything.
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide')));
    await expect.poll(() => formsOnDisk(page)).toBe(1);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => letter(page)).toEqual(whole);

    await field(page, 'Plain').fill('before the crash');
    await field(page, 'Notes').pressSequentially('in place');
    await settle(site);
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    const cdp = await site.context.newCDPSession(page);
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await page.close();
    const again = await site.open('/forms?parts=Letter,Loose');
    await inside(again);
    await settle(site);
    await expect.poll(() => letter(again)).toEqual(whole);
    expect(await field(again, 'Plain').inputValue()).toBe('before the crash');
    expect(await field(again, 'Notes').innerText()).toBe('in place');
    await site.close();
  });

  it('is only offered where a change does something by itself: a switch, a choice, a radio without a form', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose');
    await field(page, 'Notify').check();
    await field(page, 'Go to').selectOption('there');
    await field(page, 'Plain').fill('typed');
    expect(await doneBy(page)).toEqual(['patched', 'left']);
    await settle(site);
    await locks(site, page);
    await unlocks(site, page);
    expect(await doneBy(page)).toEqual(['patched', 'left']);
    expect(await field(page, 'Plain').inputValue()).toBe('typed');
    expect(await field(page, 'Notify').isChecked()).toBe(false);
    await expect
      .poll(() => offered(page).allInnerTexts())
      .toEqual([expect.stringContaining('Notify chosen'), expect.stringContaining('Go to there')]);
    await offered(page).filter({ hasText: 'Notify' }).getByRole('button', { name: 'Put it back' }).click();
    await expect.poll(() => field(page, 'Notify').isChecked()).toBe(true);
    expect(await doneBy(page)).toEqual(['patched', 'left', 'patched']);
    await offered(page).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => offered(page).count()).toBe(0);
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => offered(page).allInnerTexts()).toEqual([expect.stringContaining('Notify chosen')]);
    await site.close();
  });

  it('waits for what the page loads, and overwrites neither what is new there nor what was typed since', async () => {
    const { site, page } = await openForms(browser, 'parts=Late,Loose');
    await button(page, 'Load').click();
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Ada');
    await field(page, 'Name').fill('Ada, but longer');
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    expect(await field(page, 'Name').inputValue()).toBe('');
    await button(page, 'Load').click();
    await settle(site);
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Ada, but longer');

    await page.reload();
    await inside(page);
    await button(page, 'Load what is new').click();
    await site.leap(seconds(5));
    await settle(site);
    expect(await field(page, 'Name').inputValue()).toBe('Countess');
    await expect.poll(() => offered(page).allInnerTexts()).toEqual([expect.stringContaining('Name Ada, but longer')]);
    await field(page, 'Name').fill('Countess of Lovelace');
    await settle(site);
    await page.reload();
    await inside(page);
    await button(page, 'Load what is new').click();
    await settle(site);
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Countess of Lovelace');
    await expect.poll(() => offered(page).allInnerTexts()).toEqual([expect.stringContaining('Ada, but longer')]);
    await button(page, 'Put it back').click();
    await expect.poll(() => field(page, 'Name').inputValue()).toBe('Ada, but longer');
    await site.close();
  });

  it('is given back on its own page only, and listed until its field is there', async () => {
    const { site, page } = await openForms(browser, 'parts=Routes');
    await button(page, 'To /forms/other').click();
    await field(page, 'Elsewhere').fill('on the other page');
    await field(page, 'Everywhere').fill('there, too');
    await settle(site);
    await button(page, 'To /forms').click();
    await locks(site, page);
    await unlocks(site, page);
    expect(await field(page, 'Everywhere').inputValue()).toBe('');
    await expect
      .poll(() => offered(page).allInnerTexts())
      .toEqual([
        expect.stringContaining('Not shown yet: it was typed on /forms/other?parts=Routes.'),
        expect.stringContaining('there, too'),
      ]);
    await button(page, 'To /forms/other').click();
    await settle(site);
    await expect.poll(() => field(page, 'Elsewhere').inputValue()).toBe('on the other page');
    expect(await field(page, 'Everywhere').inputValue()).toBe('there, too');
    expect(await offered(page).count()).toBe(0);
    await site.close();
  });

  it('is done with when it is sent without being prevented, reset, emptied, or said to be sent; and not before', async () => {
    const { site, page } = await openForms(browser, 'parts=Letter,Native&tells');
    const kept = async () => {
      await settle(site);
      return page.evaluate(async () => {
        const [database] = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('curfew-'));
        return new Promise<number>((resolve) => {
          const opening = indexedDB.open(database?.name ?? '');
          opening.onsuccess = () => {
            const asked = opening.result.transaction('records').objectStore('records').getAllKeys();
            asked.onsuccess = () => {
              opening.result.close();
              resolve(asked.result.filter((name) => typeof name === 'string' && name.startsWith('form.')).length);
            };
          };
        });
      });
    };
    await field(page, 'Query').fill('something');
    expect(await kept()).toBe(1);
    await button(page, 'Find').click();
    expect(await kept()).toBe(0);
    await field(page, 'Subject').fill('Re: to be reset');
    await field(page, 'Copy to ada').check();
    expect(await kept()).toBe(1);
    await button(page, 'Reset').click();
    expect(await kept()).toBe(0);
    await field(page, 'Body').fill('only this');
    expect(await kept()).toBe(1);
    // A script empties it.
    await button(page, 'Empty').click();
    expect(await kept()).toBe(0);
    await field(page, 'Subject').fill('Re: by hand');
    expect(await kept()).toBe(1);
    await field(page, 'Subject').fill('Re: ');
    expect(await kept()).toBe(0);
    await field(page, 'Body').fill('sent by a script');
    expect(await kept()).toBe(1);
    await button(page, 'Send').click();
    expect(await doneBy(page)).toEqual(['sent']);
    expect(await kept()).toBe(0);
    await page.goto(`${site.url}/forms?parts=Letter`);
    await inside(page);
    await field(page, 'Body').fill('prevented, and nobody says so');
    await button(page, 'Send').click();
    expect(await kept()).toBe(1);
    await site.close();
  });

  it('is kept of what the content puts elsewhere, of open shadow roots and of frames; and of nothing outside', async () => {
    const { site, page } = await openForms(browser, 'parts=Elsewhere');
    const frame = page.frameLocator('iframe').getByLabel('Framed');
    await field(page, 'Outside').fill('not inside');
    await field(page, 'Modal').fill('in a dialog');
    await field(page, 'Shaded').fill('in a shadow');
    await frame.fill('in a frame');
    await settle(site);
    await locks(site, page);
    await unlocks(site, page);
    await expect.poll(() => field(page, 'Modal').inputValue()).toBe('in a dialog');
    expect(await field(page, 'Shaded').inputValue()).toBe('in a shadow');
    await expect.poll(() => frame.inputValue()).toBe('in a frame');
    await page.reload();
    await inside(page);
    await settle(site);
    expect(await field(page, 'Outside').inputValue()).toBe('');
    await site.close();
  });

  it('is named in the console where it cannot be kept, and only what is kept is claimed', async () => {
    const { site, page, said } = await openForms(browser, 'parts=Loose');
    await field(page, 'Without a name').fill('lost');
    await field(page, 'Twin').fill('which one');
    await settle(site);
    expect(said).toEqual([
      'curfew: what is typed into Without a name is not kept: give it a name, an id or data-curfew-key',
      'curfew: what is typed into Twin is not kept: another field of the form has the same name',
    ]);
    await locks(site, page);
    expect(await page.getByText('Saved on this device').count()).toBe(0);
    await unlocks(site, page);
    await page.getByText('Welcome back. What was saved is where you left it.').waitFor();
    // The next time, there was nothing but what is kept.
    await field(page, 'Plain').fill('kept');
    await settle(site);
    await locks(site, page);
    await unlocks(site, page);
    await page.getByText('Welcome back. Everything is where you left it.').waitFor();
    await site.close();
  });

  it.each([
    ['a frame of another origin', '<iframe sandbox="" srcdoc="<input>"></iframe>'],
    ['a closed shadow root', '<p><template shadowrootmode="closed"><input></template></p>'],
    ['a canvas', '<canvas tabindex="0"></canvas>'],
  ])('is neither kept nor claimed in %s', async (_, html) => {
    const { site, page } = await openForms(browser, 'parts=Loose');
    await page.evaluate((markup) => {
      const host = document.createElement('div');
      host.id = 'beyond';
      host.setHTMLUnsafe(markup);
      document.querySelector('h1')?.after(host);
    }, html);
    // What the Tab key comes to next.
    await page.getByRole('heading', { name: 'Inside' }).click();
    await page.keyboard.press('Tab');
    await page.keyboard.type('nowhere else');
    expect(await page.evaluate(() => document.activeElement?.closest('#beyond') !== null)).toBe(true);
    await settle(site);
    await locks(site, page);
    expect(await page.getByText(/Saved on this device|is not saved/).count()).toBe(0);
    await unlocks(site, page);
    expect(await offered(page).count()).toBe(0);
    await page.getByText('Welcome back. What was saved is where you left it.').waitFor();
    await site.close();
  });

  it('is kept without React, by one call', async () => {
    const { site, page } = await openForms(browser, 'script');
    await field(page, 'Text').fill('without React');
    await settle(site);
    await site.leap(31 * 60_000);
    await field(page, 'Text').waitFor({ state: 'detached' });
    await passwordField(page).fill('correct horse battery');
    await button(page, 'Come in').click();
    await inside(page);
    await settle(site);
    await expect.poll(() => field(page, 'Text').inputValue()).toBe('without React');
    await site.close();
  });

  it('is not kept where the guard is told so', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose&keep-nothing');
    await field(page, 'Plain').fill('not kept');
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    expect(await field(page, 'Plain').inputValue()).toBe('');
    await site.close();
  });
});
