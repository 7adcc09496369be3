/** Scroll, focus and selection of the elements marked with `data-curfew-keep`, by their names. */
export interface ElementState {
  readonly scroll: Readonly<Record<string, readonly [left: number, top: number]>>;
  readonly selection: Readonly<Record<string, readonly [start: number, end: number]>>;
  readonly focus: string | null;
}

/** The name of the page's own scrolling. */
const page = '';
const attribute = 'data-curfew-keep';

const markedElements = (root: Document): readonly (readonly [string, Element])[] =>
  [...root.querySelectorAll(`[${attribute}]`)].map((element) => [element.getAttribute(attribute) ?? '', element]);

const isText = (element: Element): element is HTMLTextAreaElement | HTMLInputElement =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && ['text', 'search', 'url', 'tel', 'password'].includes(element.type));

/** The name of the marked element that has, or contains, another one. */
export const nameAround = (element: Element | null): string | null =>
  element?.closest(`[${attribute}]`)?.getAttribute(attribute) ?? null;

/** Where the marked elements are; the focus is given by the caller, which followed it, for a dialog may have it now. */
export function captureElementState(root: Document, focus: string | null): ElementState {
  const scroll: Record<string, readonly [number, number]> = {};
  const selection: Record<string, readonly [number, number]> = {};
  const scroller = root.scrollingElement;
  if (scroller && (scroller.scrollTop !== 0 || scroller.scrollLeft !== 0))
    scroll[page] = [scroller.scrollLeft, scroller.scrollTop];
  for (const [name, element] of markedElements(root)) {
    if (element.scrollTop !== 0 || element.scrollLeft !== 0) scroll[name] = [element.scrollLeft, element.scrollTop];
    if (isText(element) && element.selectionStart !== null && element.selectionEnd !== null)
      selection[name] = [element.selectionStart, element.selectionEnd];
  }
  return { scroll, selection, focus };
}

const reaches = (element: Element, [left, top]: readonly [number, number]): boolean =>
  element.scrollHeight - element.clientHeight >= top - 1 && element.scrollWidth - element.clientWidth >= left - 1;

/**
 * Brings back what can be brought back by now.
 *
 * @param isLast takes what is there, even where the content is shorter than it was.
 * @returns what has to wait for content that is not there yet.
 */
export function restoreElementState(root: Document, saved: ElementState, isLast: boolean): ElementState {
  const scroll = { ...saved.scroll };
  const selection = { ...saved.selection };
  let { focus } = saved;
  const scroller = root.scrollingElement;
  const elements = [...markedElements(root), ...(scroller ? [[page, scroller] as const] : [])];

  for (const [name, element] of elements) {
    const range = selection[name];
    if (range && isText(element) && (isLast || element.value.length >= range[1])) {
      element.setSelectionRange(...range);
      delete selection[name];
    }
    if (focus === name && element instanceof HTMLElement && element !== scroller) {
      element.focus({ preventScroll: true });
      if (root.activeElement === element) focus = null;
    }
  }
  for (const [name, element] of elements) {
    const to = scroll[name];
    if (!to || !(isLast || reaches(element, to))) continue;
    element.scrollTo({ left: to[0], top: to[1], behavior: 'instant' });
    delete scroll[name];
  }
  return { scroll, selection, focus };
}

/** Whether nothing is left to bring back. */
export const isNothing = ({ scroll, selection, focus }: ElementState): boolean =>
  focus === null && Object.keys(scroll).length === 0 && Object.keys(selection).length === 0;
