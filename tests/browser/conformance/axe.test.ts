import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flaws, looks } from '../flaws.ts';
import { everyScreen, limits, meanwhile } from './screens.ts';
import { begin, openHouse, type House } from './stage.ts';

const all = [
  ...looks.map((look) => ({ ...look, forcedColors: 'none' as const })),
  { name: 'forced colours', colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active', width: 1280 },
] as const;

describe('every screen and stage', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  it.each(all)(
    'WCAG 1.4.3 1.4.10 2.5.8 4.1.2 passes axe and fits in $name at $width px, and WCAG 1.4.6 has text of 7:1 where more is asked for',
    async ({ colorScheme, contrast, forcedColors, width }) => {
      const viewport = { width, height: 720 };
      const context = { colorScheme, contrast, forcedColors, viewport, reducedMotion: 'reduce' } as const;
      const stage = await begin(house, { context, policy: limits });
      const found: string[] = [];
      await everyScreen(stage, async (name, page) => {
        found.push(...(await meanwhile(stage, flaws(page, name, contrast === 'more' ? ['wcag146'] : []))));
      });
      expect(found).toEqual([]);
      await stage.close();
    },
  );
});
