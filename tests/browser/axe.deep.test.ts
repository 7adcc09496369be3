import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, looks } from '../support/browser/axe.ts';
import { everyScreen, limits, meanwhile } from '../support/browser/screens.ts';
import { openSite, openBrowser, type OpenBrowser } from '../support/browser/site.ts';

const all = [
  ...looks.map((look) => ({ ...look, forcedColors: 'none' as const })),
  { name: 'forced colours', colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active', width: 1280 },
] as const;

describe('every screen and stage', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each(all)(
    'WCAG 1.4.3 1.4.10 2.5.8 4.1.2 passes axe and fits in $name at $width px, and WCAG 1.4.6 has text of 7:1 where more is asked for',
    async ({ colorScheme, contrast, forcedColors, width }) => {
      const viewport = { width, height: 720 };
      const context = { colorScheme, contrast, forcedColors, viewport, reducedMotion: 'reduce' } as const;
      const site = await openSite(browser, { context, policy: limits });
      const found: string[] = [];
      await everyScreen(site, async (name, page) => {
        found.push(...(await meanwhile(site, axeFindings(page, name, contrast === 'more' ? ['wcag146'] : []))));
      });
      expect(found).toEqual([]);
      await site.close();
    },
  );
});
