import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, presets } from '../../machines/index.ts';
import { doneBy, inside, locks, offered, openForms, settle, unlocks } from '../support/browser/forms.ts';
import { lock, openBrowser, password, sessionOf, wake, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const plain = (page: Page) => page.locator('#plain');

describe('content that is hidden and not taken away', () => {
  it('is as it was after the lock, state that no field holds included, and was hidden and inert meanwhile', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose,Steps&hide');
    await page.getByRole('button', { name: 'Step 0' }).click();
    await field(page, 'Plain').fill('the key is 4711');
    await field(page, 'Notify').check();
    await settle(site);
    await plain(page).evaluate((element) => Object.assign(element, { same: true }));
    await locks(site, page);
    expect(await plain(page).inputValue()).toBe('the key is 4711');
    expect(await plain(page).isVisible()).toBe(false);
    expect(await page.locator('html').ariaSnapshot()).not.toContain('4711');
    await plain(page).evaluate((element) => element.focus());
    expect(await plain(page).evaluate((element) => element === document.activeElement)).toBe(false);
    // The work is encrypted all the same, and can be seen to be.
    await page.getByText(/^Saved on this device: 1 form/).waitFor();
    await unlocks(site, page);
    expect(await plain(page).evaluate((element) => Reflect.get(element, 'same'))).toBe(true);
    expect(await plain(page).inputValue()).toBe('the key is 4711');
    expect(await field(page, 'Notify').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Step 1' }).waitFor();
    expect(await offered(page).count()).toBe(0);
    await field(page, 'Plain').fill('and goes on');
    await settle(site);
    await page.reload();
    await inside(page);
    await settle(site);
    await expect.poll(() => plain(page).inputValue()).toBe('and goes on');
    await site.close();
  });

  it('has no key while the page is locked, and its requests are refused without being sent', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose,Steps&hide');
    await page.evaluate(() => {
      const ciphers: string[] = [];
      Object.assign(window, { ciphers });
      for (const name of ['encrypt', 'importKey'] as const)
        Object.defineProperty(SubtleCrypto.prototype, name, {
          value: new Proxy(SubtleCrypto.prototype[name], {
            apply(real, subtle, given) {
              if (JSON.stringify(given).includes('AES-GCM')) ciphers.push(name);
              return Reflect.apply(real, subtle, given);
            },
          }),
        });
    });
    const ciphers = () => page.evaluate<string[]>('ciphers.splice(0)');
    await field(page, 'Plain').fill('the key is 4711');
    await settle(site);
    expect(await ciphers()).toContain('encrypt');
    await locks(site, page);
    await ciphers();
    // Whatever a script does to the hidden content: there is nothing to encrypt it with.
    await plain(page).evaluate((element: HTMLInputElement) => {
      element.value = 'by a script';
      element.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settle(site);
    expect(await ciphers()).toEqual([]);
    const before = site.asked.length;
    await page.evaluate(() => Reflect.get(window, 'ask')());
    expect(await doneBy(page)).toEqual(['asked session_lapsed']);
    expect(site.asked.slice(before).filter(({ what }) => what.includes('/api/hello'))).toEqual([]);
    await unlocks(site, page);
    // The server has given the key anew.
    expect(await ciphers()).toContain('importKey');
    await page.evaluate(() => Reflect.get(window, 'ask')());
    expect(site.asked.filter(({ what }) => what.includes('/api/hello'))).toHaveLength(1);
    await site.close();
  });

  it.each([
    [
      'somebody else',
      async (page: Page) => page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click(),
    ],
    [
      'what is on this device is deleted',
      async (page: Page) => {
        await page.getByRole('button', { name: 'Delete from this device' }).click();
        await page.getByRole('button', { name: 'Delete it' }).click();
      },
    ],
  ])('is taken away before %s', async (_, leave) => {
    const { site, page } = await openForms(browser, 'parts=Loose&hide');
    await field(page, 'Plain').fill('the key is 4711');
    await settle(site);
    await locks(site, page);
    expect(await plain(page).count()).toBe(1);
    await leave(page);
    await page.getByRole('button', { name: 'Enter as Eve' }).waitFor();
    expect(await plain(page).count()).toBe(0);
    expect(await page.content()).not.toContain('4711');
    await page.getByRole('button', { name: 'Enter as Eve' }).click();
    await inside(page);
    await settle(site);
    expect(await plain(page).inputValue()).toBe('');
    await site.close();
  });

  it('is taken away when the session has ended', async () => {
    const { site, page } = await openForms(browser, 'parts=Loose&hide');
    await field(page, 'Plain').fill('the key is 4711');
    await settle(site);
    await locks(site, page);
    const elsewhere = site.world.client('bearer');
    await elsewhere.login('ada', password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
    await wake(page);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await plain(page).count()).toBe(0);
    await site.close();
  });

  it.each(['owasp-high', 'nist-aal2', 'nist-aal3', 'pci'] as const)(
    'is refused by the strict policy %s: the content is taken away, and comes back with what was filled in',
    async (preset) => {
      const { site, page, said } = await openForms(browser, 'parts=Loose&hide', { preset });
      await field(page, 'Plain').fill('the key is 4711');
      await settle(site);
      await site.leap(presets[preset].idleTimeout + minutes(1));
      await lock(page).waitFor();
      expect(await plain(page).count()).toBe(0);
      expect(said).toEqual(['curfew: content="hide" is refused by this policy: the content is taken away at the lock']);
      await unlocks(site, page);
      await expect.poll(() => plain(page).inputValue()).toBe('the key is 4711');
      await site.close();
    },
  );
});
