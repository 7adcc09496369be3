import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What stands between people and a page as it is now: what axe finds, and scrolling sideways.
 *
 * @param more what axe looks for beside level AA, by its tags
 */
export async function axeFindings(page: Page, where: string, more: readonly string[] = []): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', ...more])
    // In the page itself: another one, where axe puts results together otherwise, has no part in a clock that is held.
    .setLegacyMode()
    .analyze();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  return [
    ...violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ...(overflow ? [`${where}: scrolls sideways`] : []),
  ];
}

/** How pages are looked at. */
export const looks = [
  { name: 'light', colorScheme: 'light', contrast: 'no-preference', width: 1280 },
  { name: 'dark', colorScheme: 'dark', contrast: 'no-preference', width: 320 },
  { name: 'more contrast', colorScheme: 'light', contrast: 'more', width: 320 },
] as const;
