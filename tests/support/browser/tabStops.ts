import type { Page } from 'playwright-core';
import { addColours, type WithColours } from './colours.ts';

interface Stops {
  /** How many things the Tab key has to come to. */
  readonly wanted: () => number;
  /** Looks at what has the focus now. @returns whether it had it before */
  readonly arrive: () => boolean;
  /** Everything that is the matter. */
  readonly found: () => readonly string[];
}

type Around = Window & { stops: Stops };

/** Lets the page say what can have the focus, whether that shows, and how well. */
function open() {
  const least = 3;
  const { around, contrast } = (window as unknown as WithColours).eyes;

  const called = (element: Element): string => {
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    const name = element.getAttribute('aria-label') ?? label ?? element.textContent;
    return `${element.tagName.toLowerCase()} ‘${name.trim().slice(0, 40)}’`;
  };
  const faults: string[] = [];
  const check = (what: string, colour: string, ground: readonly string[]) => {
    const ratio = contrast(colour, ground);
    if (ratio < least) faults.push(`${what} has a contrast of ${ratio.toFixed(2)}: ${colour} on ${ground.at(-1)}`);
  };

  /** The element itself, or what shows the focus for it. */
  const outlined = (element: Element): Element | undefined =>
    [element, element.parentElement, element.parentElement?.parentElement]
      .filter((each) => each instanceof Element)
      .find((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
  const checkOutline = (element: Element) => {
    const shown = outlined(element);
    if (!shown) return faults.push(`${called(element)} has the focus, and nothing shows it`);
    const { outlineColor, outlineOffset } = getComputedStyle(shown);
    const ground = around(Number.parseFloat(outlineOffset) < 0 ? shown : shown.parentElement);
    return check(`the focus of ${called(element)}`, outlineColor, ground);
  };
  const checkBorder = (field: Element) => {
    const framed = [field, field.parentElement].find(
      (each) => each && Number.parseFloat(getComputedStyle(each).borderBottomWidth) > 0,
    );
    if (!framed) return faults.push(`${called(field)} has no border`);
    const { borderBottomColor } = getComputedStyle(framed);
    return check(`the border of ${called(field)}`, borderBottomColor, around(framed.parentElement));
  };
  const checkGraphics = () => {
    const strokes =
      '.curfew-ring-left, .curfew-dismiss path, .app-chart [data-active="true"] > rect, .app-chart polyline, .app-axis-due, .app-axis-now';
    for (const drawn of document.querySelectorAll(strokes))
      if (drawn.checkVisibility()) check(drawn.outerHTML.slice(0, 80), getComputedStyle(drawn).stroke, around(drawn));
    for (const here of document.querySelectorAll('a[aria-current]')) {
      const marks = ['::before', '::after'].map((mark) => getComputedStyle(here, mark));
      const mark = marks.find(({ content }) => content !== 'none');
      if (mark && here.checkVisibility()) check(`the mark of ${called(here)}`, mark.backgroundColor, around(here));
    }
  };

  const isStop = (element: Element): element is HTMLElement => {
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) return false;
    if (element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.closest('[inert], :disabled')) return false;
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio' || element.checked) return true;
    // The keyboard comes to the one that is chosen; the arrows lead from there to the others.
    return false;
  };
  const stops = [
    ...(document.querySelector('dialog:modal') ?? document).querySelectorAll(
      'a[href], button, input, select, textarea, summary, [tabindex]',
    ),
  ].filter(isStop);
  const seen = new Set<Element>();
  checkGraphics();
  for (const field of stops) {
    const isField = field.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range])');
    if (isField) checkBorder(field);
  }

  const self: Stops = {
    wanted: () => stops.length,
    arrive() {
      const here = document.activeElement;
      if (!here || here === document.body) return false;
      if (seen.has(here)) return true;
      seen.add(here);
      checkOutline(here);
      return false;
    },
    found: () => [
      ...faults,
      ...stops.filter((each) => !seen.has(each)).map((each) => `the keyboard never comes to ${called(each)}`),
    ],
  };
  Object.assign(window, { stops: self });
}

/**
 * Goes once around a page with the Tab key.
 *
 * @returns what it does not come to, what does not show that it has the focus, and what is fainter than 3:1
 */
export async function goAround(page: Page, where: string): Promise<readonly string[]> {
  await addColours(page);
  await page.evaluate(open);
  const wanted = await page.evaluate(() => (window as unknown as Around).stops.wanted());
  for (let press = 0; press < wanted + 5; press++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => (window as unknown as Around).stops.arrive())) break;
  }
  const found = await page.evaluate(() => (window as unknown as Around).stops.found());
  return found.map((what) => `${where}: ${what}`);
}
