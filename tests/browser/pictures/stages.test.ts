import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { everyScreen, limits, meanwhile } from '../../support/browser/screens.ts';
import { openSite, comeBack, lock, openBrowser, type OpenBrowser } from '../../support/browser/site.ts';

const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: wide },
  dark: { viewport: wide, colorScheme: 'dark' },
  'more contrast': { viewport: wide, contrast: 'more' },
  'forced colours': { viewport: wide, forcedColors: 'active' },
  narrow: { viewport: narrow },
  'narrow, dark': { viewport: narrow, colorScheme: 'dark' },
};

/** The screens that the README shows, and under which name. */
const shown: Readonly<Record<string, string>> = { dialog: 'warning', locked: 'locked' };
const screenshots = join(import.meta.dirname, '..', '..', '..', 'web', 'screenshots');

describe('pictures', () => {
  const folder = process.env['CURFEW_PICTURES'];
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function take(look: BrowserContextOptions, pathOf: (screen: string, number: number) => string | null) {
    const site = await openSite(browser, { context: { ...look, reducedMotion: 'reduce' }, policy: limits });
    let number = 0;
    await everyScreen(site, async (screen, page) => {
      const path = pathOf(screen, ++number);
      if (path !== null) await page.screenshot({ path });
    });
    await site.close();
  }

  it('for the README', () =>
    take({ viewport: wide }, (screen) => (shown[screen] ? join(screenshots, `${shown[screen]}.png`) : null)));

  it('of the inspector for the README: the step at which somebody was signed out', async () => {
    const site = await openSite(browser, {
      context: { viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' },
    });
    const page = await site.writing('The night shift wants the report before six.');
    await site.leap(minutes(25));
    await site.leap(minutes(6));
    await lock(page).waitFor();
    await comeBack(page);
    await page.getByText('Welcome back').waitFor();
    await site.leap(minutes(1));
    await page.getByText('Welcome back').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Security', exact: true }).click();
    await meanwhile(site, page.getByRole('link', { name: 'Inspector', exact: true }).waitFor());
    await page.getByRole('link', { name: 'Inspector', exact: true }).click();
    const chart = page.locator('.app-chart').first();
    await meanwhile(site, chart.locator('g[data-active="true"]').first().waitFor());
    const isThere = chart.locator('g[data-state="lapsed.idle"][data-active="true"]');
    for (const back = page.getByRole('button', { name: 'Back', exact: true }); (await isThere.count()) === 0;)
      await back.click();
    await page.getByRole('heading', { name: /^Time travel/ }).evaluate((heading) => heading.scrollIntoView());
    const middle = async (box: ReturnType<Page['locator']>) => {
      const { x, y, width, height } = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [x + width / 2, y + height / 2] as const;
    };
    await page.mouse.move(...(await middle(isThere)));
    await page.mouse.down();
    await page.mouse.move(...(await middle(chart)));
    await page.mouse.up();
    await chart.locator('svg').blur();
    await page.screenshot({ path: join(screenshots, 'inspector.png') });
    await site.close();
  });

  it.each(folder === undefined ? [] : Object.keys(looks))('of every screen and stage, %s', async (name) => {
    const place = join(folder ?? '', name);
    mkdirSync(place, { recursive: true });
    await take(looks[name] ?? {}, (screen, number) => join(place, `${String(number).padStart(2, '0')} ${screen}.png`));
  });
});
