import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { everyScreen, limits } from '../conformance/screens.ts';
import { begin, openHouse, type House } from '../conformance/stage.ts';

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
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  async function take(look: BrowserContextOptions, pathOf: (screen: string, number: number) => string | null) {
    const stage = await begin(house, { context: { ...look, reducedMotion: 'reduce' }, policy: limits });
    let number = 0;
    await everyScreen(stage, async (screen, page) => {
      const path = pathOf(screen, ++number);
      if (path !== null) await page.screenshot({ path });
    });
    await stage.close();
  }

  it('for the README', () =>
    take({ viewport: wide }, (screen) => (shown[screen] ? join(screenshots, `${shown[screen]}.png`) : null)));

  it.each(folder === undefined ? [] : Object.keys(looks))('of every screen and stage, %s', async (name) => {
    const place = join(folder ?? '', name);
    mkdirSync(place, { recursive: true });
    await take(looks[name] ?? {}, (screen, number) => join(place, `${String(number).padStart(2, '0')} ${screen}.png`));
  });
});
