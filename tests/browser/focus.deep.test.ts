import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looks } from '../support/browser/axe.ts';
import { everyScreen, limits } from '../support/browser/screens.ts';
import { openSite, openBrowser, type OpenBrowser } from '../support/browser/site.ts';
import { goAround } from '../support/browser/tabStops.ts';

describe('every screen and stage', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each(looks)(
    'WCAG 2.1.1 2.4.7 1.4.11 is gone around with the Tab key alone, shows where the focus is, and has controls of 3:1, in $name at $width px',
    async ({ colorScheme, contrast, width }) => {
      const context = { colorScheme, contrast, viewport: { width, height: 720 }, reducedMotion: 'reduce' } as const;
      const site = await openSite(browser, { context, policy: limits });
      const found: string[] = [];
      await everyScreen(site, async (name, page) => void found.push(...(await goAround(page, name))));
      expect(found).toEqual([]);
      await site.close();
    },
  );
});
