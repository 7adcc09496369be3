import { hideBy, hideOpened } from './ownWindows.ts';

/** All that is not a locked screen; the ids raise the specificity above whatever an application writes. */
const others = ':is(html, body) > :not(head, body, dialog.curfew-locked, #curfew#curfew#curfew)';

/** What WebKit alone knows, and since which of its versions it hangs. */
const hangs = '(hanging-punctuation: first) and (position-try-fallbacks: none)';

/**
 * No application's style declares all of these with `!important`, so one of them always holds; a transition, which would win
 * over them for as long as it takes, does not begin.
 *
 * WebKit never ends laying out when an ancestor of what has `position-try-fallbacks` is not displayed, and no style of a page
 * reaches what is in a shadow tree. There everything is displayed, in no place, and its content is skipped.
 */
const rules = `@layer curfew {
  body { visibility: hidden !important; }
  ${others} {
    display: none !important;
    visibility: hidden !important;
    content-visibility: hidden !important;
    opacity: 0 !important;
    transition: none !important;
  }
  @supports ${hangs} {
    ${others} { display: block !important; position: fixed !important; position-try-fallbacks: none !important; }
  }
  body > dialog.curfew-locked { visibility: visible !important; pointer-events: auto !important; }
}`;

/**
 * Hides everything but locked screens at once, from the eye and from the accessibility tree, and whatever is put there
 * later; so are the windows that the page has opened. No element is touched, so that each is afterwards exactly as it would be.
 *
 * @returns what shows it again.
 */
export function hidePage(): () => void {
  const hide = hideBy(rules);
  const stops = [hide(window), hideOpened(hide)];
  return () => {
    for (const stop of stops) stop();
  };
}
