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

describe('pictures of every screen and stage', () => {
  const folder = process.env['CURFEW_PICTURES'];
  let house: House;
  beforeAll(async () => {
    if (folder === undefined) throw new Error('CURFEW_PICTURES says into which folder');
    house = await openHouse();
  });
  afterAll(() => house?.close());

  it.each(Object.keys(looks))('%s', async (name) => {
    const place = join(folder ?? '', name);
    mkdirSync(place, { recursive: true });
    const stage = await begin(house, { context: { ...looks[name], reducedMotion: 'reduce' }, policy: limits });
    let number = 0;
    await everyScreen(stage, async (screen, page) => {
      await page.screenshot({ path: join(place, `${String(++number).padStart(2, '0')} ${screen}.png`) });
    });
    await stage.close();
  });
});
