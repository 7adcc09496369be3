import { deepActiveElement } from './deepActiveElement.ts';

/** How much of one element lies under another, in square px. */
function covered(element: Element, over: Element): number {
  const [under, above] = [element.getBoundingClientRect(), over.getBoundingClientRect()];
  const wide = Math.min(under.right, above.right) - Math.max(under.left, above.left);
  const high = Math.min(under.bottom, above.bottom) - Math.max(under.top, above.top);
  return Math.max(0, wide) * Math.max(0, high);
}

/** Says to the stylesheet which part of the page is seen: less than the window while a keyboard is shown. */
function tellView({ style }: HTMLElement): void {
  if (!visualViewport) return;
  const { offsetTop, height } = visualViewport;
  style.cssText = `--curfew-view-top: ${offsetTop}px; --curfew-view-height: ${height}px`;
}

/**
 * Moves what lies over the page to the other of its two places, if it covers some of the element that has the focus and
 * covers less of it there. Where it stands is for the stylesheet to say, in the part of the page that is seen, for the second
 * place where `data-place` is `other`. `--curfew-view-top` and `--curfew-view-height` say which part that is.
 *
 * @see WCAG 2.2 SC 2.4.11
 */
export function standBesideFocus(over: HTMLElement | null | undefined): void {
  if (!over) return;
  tellView(over);
  const focused = deepActiveElement() ?? document.body;
  if (focused === document.body || over.contains(focused)) return;
  const here = covered(focused, over);
  const { place = '' } = over.dataset;
  // Where it covers nothing it stays, though it came there for an element that has lost the focus: it does not jump about.
  if (here === 0) return;
  over.dataset['place'] = place === '' ? 'other' : '';
  if (covered(focused, over) >= here) over.dataset['place'] = place;
}

/** Lets it stand beside the focus wherever that goes, and whatever becomes of the view. @returns what stops it */
export function followFocus(over: HTMLElement | null | undefined): (() => void) | undefined {
  if (!over) return undefined;
  const look = () => standBesideFocus(over);
  const sizes = new ResizeObserver(look);
  const follow = () => {
    sizes.disconnect();
    for (const each of [over, deepActiveElement()]) if (each) sizes.observe(each);
    look();
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  document.addEventListener('focusin', follow, { signal });
  window.addEventListener('scroll', look, { signal, capture: true });
  for (const name of ['resize', 'scroll']) visualViewport?.addEventListener(name, look, { signal });
  follow();
  return () => {
    stopping.abort();
    sizes.disconnect();
    delete over.dataset['place'];
  };
}
