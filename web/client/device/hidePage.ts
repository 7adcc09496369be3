/** Nothing that is not a locked screen; the ids raise the specificity above whatever an application writes. */
const others = 'body > :not(dialog.curfew-locked, #curfew#curfew#curfew)';

/**
 * No application's style declares all of these with `!important`, so one of them always holds; a transition, which would win
 * over them for as long as it takes, does not begin. There are no fallbacks, because WebKit never ends laying out when an
 * ancestor of what has them is not displayed.
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
  ${others}, ${others} * { position-try-fallbacks: none !important; }
  body > dialog.curfew-locked { visibility: visible !important; pointer-events: auto !important; }
}`;

/**
 * Hides everything in `body` but locked screens at once, from the eye and from the accessibility tree, and whatever is
 * put there later. No element is touched, so that each is afterwards exactly as it would be.
 *
 * @returns what shows it again.
 */
export function hidePage(): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
  };
}
