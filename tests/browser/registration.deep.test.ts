import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openSite, password, passwordField, type OpenBrowser } from '../support/browser/site.ts';

let browser: OpenBrowser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe('the page for signing in', () => {
  it('offers to create an account where people may', async () => {
    const site = await openSite(browser);
    const page = await site.open();
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByText('none of the common ones').waitFor();
    await page.getByLabel('User name').fill('ada');
    await passwordField(page).fill('password');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('alert').getByText('Please check what you typed').waitFor();
    await passwordField(page).fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
    await site.close();
  });

  it('does not offer it where registration is closed', async () => {
    const site = await openSite(browser, { register: false });
    const page = await site.open();
    await page.getByText('we sign you out after').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('button', { name: /create/i }).count()).toBe(0);
    expect(await page.getByText('New here?').count()).toBe(0);
    await site.close();
  });
});
