import { expect } from 'vitest';
import { fixture } from '../browser/fixture.ts';
import type { Engine } from './page.types.ts';
import { openSecureSite } from './secureSite.ts';

/**
 * The fixture's page in an engine.
 *
 * @param query what the address asks of it, as in `?beside`
 * @param script what a browser or an extension of it has done to the page before
 */
export async function openFixture(engine: Engine, query = '', script = '') {
  const site = await openSecureSite(async (path) => {
    const page = fixture(path);
    if (path !== '/') return page;
    const html = (await page.text()).replace('<head>', `<head><script>${script}</script>`);
    return new Response(html, { headers: { 'Content-Type': 'text/html' } });
  });
  const page = await engine.open();
  await page.go(`${site.url}/${query}`);
  await expect.poll(() => page.run('return document.querySelector("button") !== null')).toBe(true);
  await page.press('Enter');
  await expect.poll(() => page.run('return document.querySelector("textarea") !== null')).toBe(true);
  return {
    site,
    page,
    /** Comes to the front, where it finds out what time it is. */
    looks: () => page.run<null>('dispatchEvent(new Event("focus")); return null'),
  };
}
