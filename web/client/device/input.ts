const types = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll', 'input'] as const;

/** How long scrolling goes on by itself after a hand let go, in ms. */
const scrollsOn = 10_000;

const isMouse = (event: Event): event is MouseEvent => 'screenX' in event && 'screenY' in event;

/**
 * Watches for what only a user does, in a window and in the frames of its own origin: trusted events, never caught
 * late or kept from other listeners. A pointer that did not move (the page moved under it) does not count.
 *
 * @returns what stops it.
 */
export function watchInput(window: Window, recordActivity: () => void): () => void {
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
  const seen = (event: Event) => {
    if (!event.isTrusted) return;
    if (event.type === 'pointermove' && !(isMouse(event) && moved(event))) return;
    // Browsers trust the scrolling of scripts as well: a list that follows its newest entry is not the user.
    if (event.type !== 'scroll') touched = event.timeStamp;
    else if (event.timeStamp - touched > scrollsOn) return;
    recordActivity();
  };

  const watched = new WeakSet<Document>();
  const watch = (document: Document) => {
    if (watched.has(document)) return;
    watched.add(document);
    for (const type of types) document.addEventListener(type, seen, { passive: true, capture: true, signal });
    for (const frame of document.querySelectorAll('iframe')) watchFrame(frame);
    const observer = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) watchNode(node);
    });
    observer.observe(document, { childList: true, subtree: true });
    signal.addEventListener('abort', () => observer.disconnect());
  };
  // By what they are called and not by their class, for a frame has classes of its own.
  const isFrame = (node: Node): node is HTMLIFrameElement => node.nodeName === 'IFRAME';
  const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE;
  const watchNode = (node: Node) => {
    if (isFrame(node)) watchFrame(node);
    else if (isElement(node)) for (const frame of node.querySelectorAll('iframe')) watchFrame(frame);
  };
  const watchFrame = (frame: HTMLIFrameElement) => {
    // `null` when the frame belongs to another origin: what happens there is not ours to see.
    const look = () => {
      if (frame.contentDocument) watch(frame.contentDocument);
    };
    frame.addEventListener('load', look, { signal });
    look();
  };

  watch(window.document);
  return () => stop.abort();
}
