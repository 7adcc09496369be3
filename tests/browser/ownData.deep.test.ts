import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { axeFindings } from '../support/browser/axe.ts';
import {
  openBrowser,
  openSite,
  password,
  passwordField,
  type OpenBrowser,
  type Site,
} from '../support/browser/site.ts';
import { focused, section } from '../support/browser/twoDevices.ts';
import { userOn } from '../support/browser/user.ts';

let browser: OpenBrowser;
let site: Site;

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite(browser);
});
afterAll(() => browser?.close());

const button = (page: Page, name = 'Download your data') => page.getByRole('button', { name, exact: true }).first();

/** The security page of a new user who has written something. */
async function begin(username: string, width: number): Promise<Page> {
  const page = await site.device({ viewport: { width, height: 720 }, reducedMotion: 'reduce' });
  await userOn(page).register(username, password);
  await userOn(page).startConversation();
  const isKept = page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().includes('/api/drafts/') && response.ok(),
  );
  await page.getByLabel('Message', { exact: true }).fill('not sent yet');
  await isKept;
  await page.getByRole('link', { name: 'Security' }).click();
  await section(page, 'Where you are signed in').getByRole('listitem').first().waitFor();
  return page;
}

/** Does something by which a file is saved. @returns its name and what is in it */
async function savedBy(page: Page, deed: () => Promise<void>) {
  const saving = page.waitForEvent('download');
  await deed();
  const download = await saving;
  return { name: download.suggestedFilename(), file: JSON.parse(await readFile(await download.path(), 'utf8')) };
}

describe.each([1280, 360])('a user’s own data, at %i px', (width) => {
  it('GDPR art. 15 art. 20, ASVS 7.5.1, WCAG 2.1.1 2.4.3 4.1.3 is saved as one file by the keyboard alone, after a recent proof', async () => {
    const username = `ada-${width}`;
    const page = await begin(username, width);
    const said = page.getByText('Your data is saved with your downloads.');
    await button(page).focus();
    const { name, file } = await savedBy(page, () => page.keyboard.press('Enter'));
    expect(name).toBe('curfew-data-2026-11-24.json');
    expect(file).toMatchObject({
      format: 'curfew-user-export',
      user: { name: username },
      application: { conversations: [{ title: 'Conversation 1' }] },
      sessions: [{ current: true, inWords: ['Last signed in with a password.', 'Signed in.'] }],
      drafts: [{ content: 'not sent yet' }],
    });
    await said.waitFor();
    expect(await focused(page)).toBe('Download your data');
    expect(await axeFindings(page, 'saved')).toEqual([]);

    site.world.pass(minutes(11));
    await page.keyboard.press('Enter');
    await passwordField(page).waitFor();
    expect(await passwordField(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await axeFindings(page, 'asked for the password')).toEqual([]);
    for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Cancel');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Download your data');
    await page.keyboard.press('Enter');
    await passwordField(page).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText("That password isn't right. Please try again.").waitFor();
    await passwordField(page).fill(password);
    const again = await savedBy(page, () => page.keyboard.press('Enter'));
    expect(again.file.user.name).toBe(username);
    await said.waitFor();
    expect(await focused(page)).toBe('Download your data');
    await page.context().close();
  });
});

describe('a user’s own data', () => {
  it('WCAG 3.1.2 is offered in the language that the user has chosen, in which the page says what did not work, too', async () => {
    const page = await begin('clara', 1280);
    await page.getByRole('link', { name: 'Settings' }).click();
    const isSaved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByLabel('Deutsch').check();
    await (await isSaved).finished();
    await page.getByRole('link', { name: 'Security' }).click();
    const german = button(page, 'Eigene Daten herunterladen');
    await german.waitFor();
    expect(await german.evaluate((element) => element.closest('[lang]')?.getAttribute('lang'))).toBe('de');
    await page.context().setOffline(true);
    await german.click();
    const alert = section(page, 'Your data').getByRole('alert');
    await alert.getByText('Der Server war nicht zu erreichen.').waitFor();
    await page.context().setOffline(false);
    await savedBy(page, () => german.click());
    await page.getByText('Ihre Daten liegen bei Ihren Downloads.').waitFor();
    expect(await alert.textContent()).toBe('');
    await page.context().close();
  });

  it('is not saved by a link of another site, for which the browser sends the cookie', async () => {
    const page = await begin('eve', 1280);
    const elsewhere = await page.context().newPage();
    const address = site.url.replace('localhost', '127.0.0.1');
    await elsewhere.goto(`${address}/healthz`);
    await elsewhere.setContent(`<a href="${site.url}/api/auth/me/export">Your prize</a>`);
    const answered = elsewhere.waitForResponse((response) => response.url().endsWith('/export'));
    await elsewhere.getByRole('link').click();
    const answer = await answered;
    expect([answer.status(), answer.headers()['content-disposition']]).toEqual([403, undefined]);
    const sent = await answer.request().allHeaders();
    expect(sent['sec-fetch-site']).toBe('cross-site');
    expect(sent['cookie']).toContain('__Host-curfew=');
    await page.context().close();
  });
});
