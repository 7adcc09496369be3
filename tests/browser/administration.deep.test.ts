import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { focused, section, twoDevices, windows } from '../support/browser/twoDevices.ts';
import { userOn } from '../support/browser/user.ts';
import { openBrowser, openSite, password, type OpenBrowser, type Site } from '../support/browser/site.ts';

let browser: OpenBrowser;
let site: Site;

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite(browser);
});
afterAll(() => browser?.close());

async function makeAdministrator(username: string): Promise<void> {
  const chief = site.world.client('bearer');
  await chief.register(username, password);
  await chief.post('/api/auth/logout', {});
  await site.world.users.setRole(chief.user?.id ?? '', 'administrator');
}

describe('the administration', () => {
  it('ASVS 7.4.5 finds, explains and ends the sessions of anybody, after a recent proof', async () => {
    const { desk, phone } = await twoDevices(site, 'ida');
    const other = site.world.client('bearer');
    await other.register('jon', password);
    await makeAdministrator('chief');
    const page = await site.device({ userAgent: windows });
    await userOn(page).signIn('chief', password);
    const administration = page.getByRole('link', { name: 'Administration' });
    // Before time goes on, or what is signed in is signed in after it.
    await administration.waitFor();
    site.world.pass(minutes(11));
    await administration.click();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');

    const found = section(page, 'Who is and was signed in').getByRole('listitem');
    const of = (name: string) => found.filter({ has: page.getByRole('heading', { name }) });
    await of('jon').first().waitFor();
    await page.getByLabel('User').fill('ida');
    await page.getByLabel('State').selectOption('Signed in');
    await page.getByRole('button', { name: 'Search' }).click();
    await of('jon').waitFor({ state: 'detached' });
    expect(await found.count()).toBe(2);
    const iPhones = found.filter({ hasText: 'Safari on iPhone' });
    await iPhones.getByRole('button', { name: 'Sign out' }).click();
    await iPhones.getByRole('button', { name: 'Sign them out' }).click();
    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await page.getByRole('status').getByText('ida is signed out of Safari on iPhone.').waitFor();
    await iPhones.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Who is and was signed in');

    await page.getByRole('button', { name: 'Sign ida out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign them out everywhere' }).click();
    await desk.getByRole('heading', { name: "You're signed out" }).waitFor();
    await page.getByLabel('State').selectOption('Over');
    await page.getByRole('button', { name: 'Search' }).click();
    await iPhones.getByRole('link', { name: 'What happened' }).click();
    await page.locator('.app-travel dd').first().getByText('ended.revoked', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.locator('.app-travel dd').first().getByText('active.fresh', { exact: true }).waitFor();
    for (const each of [desk, phone, page]) await each.context().close();
  });

  it('ASVS 8.3.1 shows nothing to anybody else', async () => {
    const page = await site.device();
    await userOn(page).register('kim', password);
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    await page.goto(`${site.url}/admin`);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    const refused = await page.evaluate(async () => (await fetch('/api/admin/sessions')).status);
    expect(refused).toBe(403);
    await page.context().close();
  });

  it('shows what is found a hundred at a time, and all of that again when there is news', async () => {
    const many = site.world.client('bearer');
    await many.register('lea', password);
    for (let signIn = 0; signIn < 204; signIn += 1) {
      await many.post('/api/auth/logout', {});
      site.world.pass(seconds(1));
      await many.login('lea', password);
    }
    await makeAdministrator('boss');
    const page = await site.device({ userAgent: windows });
    await userOn(page).signIn('boss', password);
    await page.getByRole('link', { name: 'Administration' }).click();
    const found = section(page, 'Who is and was signed in');
    await found.getByText('100 are listed.').waitFor();
    await page.getByLabel('User').fill('lea');
    await page.getByRole('button', { name: 'Search' }).click();
    // Boss is there twice until the search is answered: once for each sign-in.
    await found.getByRole('heading', { name: 'boss' }).first().waitFor({ state: 'detached' });
    const more = found.getByRole('button', { name: 'Show more' });
    await more.focus();
    await page.keyboard.press('Enter');
    await found.getByText('200 are listed.').waitFor();
    expect(await focused(page)).toBe('Show more');

    const isOpen = found.getByText('Signed in.', { exact: true });
    expect(await isOpen.count()).toBe(1);
    await page.keyboard.press('Enter');
    await more.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Who is and was signed in');
    expect(await found.getByRole('listitem').count()).toBe(205);
    await found.getByRole('button', { name: 'Sign out', exact: true }).click();
    await found.getByRole('button', { name: 'Sign them out', exact: true }).click();
    await isOpen.waitFor({ state: 'detached' });
    expect(await found.getByRole('listitem').count()).toBe(205);
    await page.context().close();
  });

  it('WCAG 1.4.10 all pages fit in one row at 360 px', async () => {
    await makeAdministrator('head');
    const page = await site.device({ viewport: { width: 360, height: 720 } });
    await userOn(page).signIn('head', password);
    await page.getByRole('link', { name: 'Administration' }).waitFor();
    const tops = await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
    expect([tops.length, new Set(tops).size]).toEqual([3, 1]);
    await page.context().close();
  });
});
