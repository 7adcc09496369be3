import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looks } from '../flaws.ts';
import { everyScreen, limits } from './screens.ts';
import { begin, openHouse, type House } from './stage.ts';
import { goAround } from './stops.ts';

describe('every screen and stage', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  it.each(looks)(
    'WCAG 2.1.1 2.4.7 1.4.11 is gone around with the Tab key alone, shows where the focus is, and has controls of 3:1, in $name at $width px',
    async ({ colorScheme, contrast, width }) => {
      const context = { colorScheme, contrast, viewport: { width, height: 720 }, reducedMotion: 'reduce' } as const;
      const stage = await begin(house, { context, policy: limits });
      const found: string[] = [];
      await everyScreen(stage, async (name, page) => void found.push(...(await goAround(page, name))));
      expect(found).toEqual([]);
      await stage.close();
    },
  );
});
