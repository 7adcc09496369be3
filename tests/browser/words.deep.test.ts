import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { openSite, dialog, lock, openBrowser, password, toast, type OpenBrowser } from '../support/browser/site.ts';

describe('words', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('WCAG 3.1.2 another language is chosen in the settings, outlives a reload, and every stage speaks it and says so', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await page.getByRole('link', { name: 'Settings' }).click();
    const isSaved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByLabel('Deutsch').check();
    await (await isSaved).finished();
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
    await site.leap(minutes(25));
    const first = page.getByRole('region', { name: 'Bald abgemeldet' });
    await first.getByText('Sie werden in 5 Minuten abgemeldet, weil längere Zeit nichts geschehen ist.').waitFor();
    expect(await first.evaluate((element) => element.closest('[lang]')?.getAttribute('lang'))).toBe('de');
    await site.leap(minutes(3));
    const last = page.getByRole('alertdialog', { name: 'Sie werden gleich abgemeldet' });
    await last.getByRole('button', { name: 'Angemeldet bleiben' }).waitFor();
    expect(await last.getAttribute('lang')).toBe('de');
    await site.leap(minutes(3));
    await page.getByText('Wir haben Sie abgemeldet, weil länger als 30 Minuten nichts geschehen ist.').waitFor();
    await page.getByLabel('Passwort').fill(password);
    await page.getByRole('button', { name: 'Anmelden und weitermachen' }).click();
    await page.getByText('Willkommen zurück').waitFor();
    await site.close();
  });

  it('no word of the warning or the locked screen is one that people do not use', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const said: string[] = [];
    await site.leap(minutes(25));
    said.push(await toast(page).innerText());
    await site.leap(minutes(3));
    said.push(await dialog(page).innerText());
    await site.leap(minutes(3));
    await lock(page).waitFor();
    said.push(await page.locator('.curfew-locked').innerText());
    for (const text of said) expect(text).not.toMatch(/session|timed out|modal|sorry/i);
    await site.close();
  });
});
