/** How often it is looked whether a window shows another page by now, in ms. */
const lookEvery = 500;

/** Marks a page that hides itself at the lock. */
const hidesItself = Symbol.for('curfew.opened');

type Page = Window & typeof globalThis;
type Found = (page: Page) => () => void;

/** What this page has opened, as a popup or as a picture in picture; no browser tells it afterwards. */
const opened = new Set<Window>();

const isWindow = (value: unknown): value is Window => typeof value === 'object' && value !== null && 'closed' in value;

/** The page in a window, `null` where it is another origin's. */
function pageIn(window: Window): Page | null {
  try {
    return window.document.defaultView;
  } catch {
    return null;
  }
}

/** Calls with the page in a window, and again with each that it comes to, as long as they are of this origin. */
function follow(window: Window, found: Found): () => void {
  let shown: Document | undefined;
  let over = () => {};
  const look = () => {
    const page = window.closed ? null : pageIn(window);
    if (page?.document !== shown) {
      over();
      shown = page?.document;
      over = page ? found(page) : () => {};
    }
    if (window.closed) stop();
  };
  const timer = setInterval(look, lookEvery);
  const stop = () => {
    clearInterval(timer);
    over();
  };
  look();
  return stop;
}

/**
 * Calls with every window that a page opens, as a popup or as a picture in picture, as long as it is of the page's own origin,
 * and again with every further page it shows. Windows that know nothing of their opener are not among them.
 *
 * @param found is called with the window, and returns what is to be done when it shows another page, or is closed
 * @returns what stops it.
 */
export function eachOwnWindow(page: Window, found: Found): () => void {
  const stops = new Map<Window, () => void>();
  const add = (window: unknown) => {
    for (const each of opened) if (each.closed && opened.delete(each)) stops.delete(each);
    if (!isWindow(window)) return;
    opened.add(window);
    if (!stops.has(window)) stops.set(window, follow(window, found));
  };
  const before = Object.getOwnPropertyDescriptor(page, 'open');
  const open: unknown = before?.value;
  const ownOpen = (...given: readonly unknown[]): unknown => {
    const window: unknown = typeof open === 'function' ? Reflect.apply(open, page, given) : null;
    add(window);
    return window;
  };
  if (typeof open === 'function') Object.defineProperty(page, 'open', { ...before, value: ownOpen });
  const pictures: unknown = Reflect.get(page, 'documentPictureInPicture');
  const onPicture = (event: Event) => add(Reflect.get(event, 'window'));
  if (pictures instanceof EventTarget) pictures.addEventListener('enter', onPicture);
  return () => {
    // Whoever has replaced it meanwhile calls this one still.
    if (before && Reflect.get(page, 'open') === ownOpen) Object.defineProperty(page, 'open', before);
    if (pictures instanceof EventTarget) pictures.removeEventListener('enter', onPicture);
    for (const stop of stops.values()) stop();
  };
}

/** Says to whoever has opened this page that it hides itself. */
export const hideSelf = (): void => void Reflect.set(window, hidesItself, true);

/** Hides a page by a style sheet. @returns what shows it again */
export const hideBy =
  (rules: string): Found =>
  ({ document, CSSStyleSheet }) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    };
  };

/**
 * Hides what is in the windows that this page has opened; those that are opened later stay, and so do those that hide
 * themselves. A window that goes on to another page is hidden again within a second.
 *
 * @returns what shows it again
 */
export function hideOpened(hide: Found): () => void {
  const stops = [...opened].map((each) => follow(each, (page) => (hidesItself in page ? () => {} : hide(page))));
  return () => {
    for (const stop of stops) stop();
  };
}
