import type { Page } from 'playwright-core';

/** What the page tells of its own colours. */
export interface Colours {
  /** The colours behind what is in an element, the nearest last. */
  readonly around: (element: Element | null) => readonly string[];
  /** How far a colour on a ground can be told from it, from 1 to 21. @see WCAG 2.2, contrast ratio */
  readonly contrast: (colour: string, ground: readonly string[]) => number;
}

export type WithColours = Window & { eyes: Colours };

function open() {
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!brush) throw new Error('There is nothing to mix colours on');
  const luminance = (colours: readonly string[]): number => {
    brush.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = [...brush.getImageData(0, 0, 1, 1).data].map((share) => {
      const part = share / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const eyes: Colours = {
    around: (element) =>
      element ? [...eyes.around(element.parentElement), getComputedStyle(element).backgroundColor] : [],
    contrast(colour, ground) {
      const [low = 0, high = 0] = [luminance([...ground, colour]), luminance(ground)].toSorted((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    },
  };
  Object.assign(window, { eyes });
}

/** Lets the page tell of its colours; it has to be done again after every load. */
export const addColours = (page: Page) => page.evaluate(open);

/** Every text in a part of a page, with its contrast, and whether it is large. @see WCAG 2.2, large scale */
export async function textsIn(page: Page, part: string) {
  await addColours(page);
  return page.locator(part).evaluate((within) => {
    const { eyes } = window as unknown as WithColours;
    const words = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    const found: { text: string; contrast: number; isLarge: boolean }[] = [];
    while (words.nextNode()) {
      const element = words.currentNode.parentElement;
      const text = words.currentNode.textContent?.trim() ?? '';
      if (!element || text === '' || element.closest('.curfew-spoken')) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const size = Number.parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      found.push({ text, contrast: eyes.contrast(color, eyes.around(element)), isLarge });
    }
    return found;
  });
}
