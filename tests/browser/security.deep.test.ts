import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { axeFindings, looks } from '../support/browser/axe.ts';
import { openBrowser, openSite, password, type OpenBrowser, type Site } from '../support/browser/site.ts';
import { device, windows } from '../support/browser/twoDevices.ts';
import { userOn } from '../support/browser/user.ts';

let browser: OpenBrowser;
let site: Site;

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite(browser);
});
afterAll(() => browser?.close());

describe.each(looks)(
  'WCAG 1.4.3 1.4.10 2.5.8 4.1.2 in $name at $width px',
  ({ name, colorScheme, contrast, width }) => {
    it('the security page and the administration pass axe and fit', async () => {
      const page = await site.device({
        colorScheme,
        contrast,
        viewport: { width, height: 720 },
        reducedMotion: 'reduce',
        userAgent: windows,
      });
      const found: string[] = [];
      const look = async (where: string) => void found.push(...(await axeFindings(page, where)));
      const username = `access-${name}`;
      await userOn(page).register(username, password);
      const phone = site.world.client('bearer');
      await phone.login(username, password);
      await phone.post('/api/auth/logout', {});
      await phone.login(username, password);
      site.world.pass(minutes(11));
      await page.getByRole('link', { name: 'Security' }).click();
      const there = device(page, 'Unknown device');
      await there.waitFor();
      await there.getByRole('button', { name: 'Sign out' }).click();
      await there.getByRole('button', { name: 'Sign it out' }).click();
      await there.getByLabel('Password', { exact: true }).waitFor();
      await look('asked for the password');
      await there.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.getByText('Unknown device is signed out.').waitFor();
      await page.getByRole('button', { name: 'Delete my account' }).click();
      await look('ended');
      await site.world.users.setRole(phone.user?.id ?? '', 'administrator');
      await page.reload();
      await page.getByRole('link', { name: 'Administration' }).click();
      await page.getByRole('region', { name: 'Who is and was signed in' }).waitFor();
      await look('administration');
      expect(found).toEqual([]);
      await page.context().close();
    });
  },
);
