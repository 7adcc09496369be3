import { deepActiveElement } from './deepActiveElement.ts';

/** What only a user does to a page: a deed. */
const deeds = ['pointerdown', 'mousedown', 'click', 'keydown', 'touchstart', 'input'] as const;
/** What a user does by the way. */
const moves = ['pointermove', 'wheel', 'scroll'] as const;

/** How long scrolling goes on by itself after a hand let go, in ms. */
const scrollsOn = 10_000;

/** Keys that are no work in the page by themselves: those that are held for others, and those that lead to the warning. */
const noDeed = new Set(['F6', 'Tab', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta']);

/** What the page shows of the warning: whatever is done there has a meaning of its own. */
export const ofWarning = 'data-curfew-warning';

/** Is told of what a user does; `isDeed` where they did more than move a pointer or scroll. */
export type Seen = (isDeed: boolean) => void;

const isMouse = (event: Event): event is MouseEvent => 'screenX' in event && 'screenY' in event;
// By what they are called and not by their class, for a frame has classes of its own.
const isElement = (node: EventTarget): node is Element => 'nodeType' in node && node.nodeType === 1;
const isFrame = (node: EventTarget): node is HTMLIFrameElement => isElement(node) && node.localName === 'iframe';

const isDeed = (event: Event): boolean =>
  deeds.some((type) => type === event.type) &&
  !('key' in event && noDeed.has(String(event.key))) &&
  !event.composedPath().some((node) => isElement(node) && node.hasAttribute(ofWarning));

/** Calls with every frame of a document, also with one that comes later. What is in shadow roots is not among them. */
function eachFrame(document: Document, found: (frame: HTMLIFrameElement) => void): () => void {
  for (const frame of document.querySelectorAll('iframe')) found(frame);
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) {
        if (isFrame(node)) found(node);
        else if (isElement(node)) for (const frame of node.querySelectorAll('iframe')) found(frame);
      }
  });
  observer.observe(document, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/**
 * Watches for what only a user does, in a window and in the frames of its own origin: trusted events, never caught
 * late or kept from other listeners. A pointer that did not move (the page moved under it) does not count. Assistive
 * technology presses a button with no more than a click.
 *
 * @returns what stops it.
 */
export function watchInput(window: Window, seen: Seen): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let x = Number.NaN;
  let y = Number.NaN;
  let touched = -Infinity;

  const moved = (event: MouseEvent): boolean => {
    const far = Math.abs(event.screenX - x) + Math.abs(event.screenY - y);
    x = event.screenX;
    y = event.screenY;
    return far > 2;
  };
  const take = (event: Event) => {
    if (!event.isTrusted) return;
    if (event.type === 'pointermove' && !(isMouse(event) && moved(event))) return;
    // Browsers trust the scrolling of scripts as well: a list that follows its newest entry is not the user.
    if (event.type !== 'scroll') touched = event.timeStamp;
    else if (event.timeStamp - touched > scrollsOn) return;
    seen(isDeed(event));
  };

  const watched = new WeakSet<Document>();
  const watch = (document: Document) => {
    if (watched.has(document)) return;
    watched.add(document);
    for (const type of [...deeds, ...moves])
      document.addEventListener(type, take, { passive: true, capture: true, signal });
    signal.addEventListener('abort', eachFrame(document, watchFrame));
    // The focus goes from the window into a frame: the only sign of one that is in a shadow root.
    document.defaultView?.addEventListener(
      'blur',
      () => {
        const element = deepActiveElement(document);
        if (element && isFrame(element)) watchFrame(element);
      },
      { signal },
    );
  };
  const known = new WeakSet<HTMLIFrameElement>();
  const watchFrame = (frame: HTMLIFrameElement) => {
    // `null` when the frame belongs to another origin: what happens there is not ours to see.
    const look = () => {
      if (frame.contentDocument) watch(frame.contentDocument);
    };
    if (!known.has(frame)) frame.addEventListener('load', look, { signal });
    known.add(frame);
    look();
  };

  watch(window.document);
  return () => stop.abort();
}
