import type { Page } from 'playwright-core';
import { userOn } from './user.ts';
import { password, type Site } from './site.ts';

export const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
export const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

/** Somebody at a desk, with the security page open, and their telephone, with their conversations. */
export async function twoDevices(site: Site, username: string): Promise<{ readonly desk: Page; readonly phone: Page }> {
  const desk = await site.device({ userAgent: windows });
  await userOn(desk).register(username, password);
  const phone = await site.device({ userAgent: iPhone });
  await userOn(phone).signIn(username, password);
  await phone.getByText('Nothing here yet').waitFor();
  await desk.getByRole('link', { name: 'Security' }).click();
  await device(desk, 'Safari on iPhone').waitFor();
  return { desk, phone };
}

export const section = (page: Page, name: string) => page.getByRole('region', { name });
export const device = (page: Page, name: string, where = 'Where you are signed in') =>
  section(page, where)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name }) });
export const past = (page: Page, name: string) => device(page, name, 'Where you were signed in');
export const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
