import { holdViewState } from './holdViewState.ts';

/** How often an element is put back into one that is emptied: what insists on being alone has its way. */
const patience = 10;

/** Whether what is put into an element is displayed. */
const showsChildren = (element: Element): boolean =>
  !element.shadowRoot && !element.matches('video, audio, iframe, img, canvas, object, embed');

/** Moves an element that nothing else moves; the focus inside stays where it is. */
function move(element: HTMLElement, to: Element): void {
  if (element.parentNode === to) return;
  const giveBack = element.matches(':focus-within') ? holdViewState() : () => {};
  to.append(element);
  giveBack();
}

/**
 * Keeps an element in its place and, while something fills the screen that the place is not part of, in that: everything
 * else is unseen then, and takes neither focus nor clicks. Where that shows no content, as a video, the element is at least
 * seen above it, in the top layer.
 *
 * @param element one that nothing else has put anywhere
 * @returns what takes it away.
 * @see {@link https://fullscreen.spec.whatwg.org/ Fullscreen API}
 */
export function standAboveFullscreen(element: HTMLElement, place: Element): () => void {
  let left = patience;
  const look = () => {
    const { fullscreenElement: filling } = document;
    const isOutside = filling !== null && !filling.contains(place);
    const holds = isOutside && showsChildren(filling);
    // What has come to fill the screen later is above what was in the top layer before.
    element.removeAttribute('popover');
    move(element, holds ? filling : place);
    if (!isOutside || holds || !element.isConnected || !('showPopover' in element)) return;
    element.setAttribute('popover', 'manual');
    element.showPopover();
  };
  const emptied = new MutationObserver(() => {
    if (element.isConnected || left <= 0) return;
    left -= 1;
    look();
  });
  const follow = () => {
    emptied.disconnect();
    if (document.fullscreenElement) emptied.observe(document.fullscreenElement, { childList: true });
    look();
  };
  document.addEventListener('fullscreenchange', follow);
  follow();
  return () => {
    document.removeEventListener('fullscreenchange', follow);
    emptied.disconnect();
    element.remove();
  };
}
