import { deepActiveElement } from './deepActiveElement.ts';

/** What is selected, as something that can be selected again. */
function holdSelection(focused: Element): () => void {
  if (focused instanceof HTMLTextAreaElement || focused instanceof HTMLInputElement) {
    const { selectionStart, selectionEnd, selectionDirection } = focused;
    if (selectionStart === null) return () => {};
    return () => focused.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? 'none');
  }
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return () => {};
  const range = selection.getRangeAt(0).cloneRange();
  return () => {
    if (!range.startContainer.isConnected) return;
    selection.removeAllRanges();
    selection.addRange(range);
  };
}

/**
 * Holds focus, selection and scroll of the page.
 *
 * @param focused what has, or had, the focus
 * @returns what restores them; an element that has gone from the page meanwhile is left alone.
 * @see WCAG 2.2 SC 2.4.3
 */
export function holdViewState(focused: Element | null = deepActiveElement()): () => void {
  const { scrollX, scrollY } = window;
  const selectAgain = focused ? holdSelection(focused) : () => {};
  return () => {
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.body) {
      focused.focus({ preventScroll: true });
      selectAgain();
    }
    window.scrollTo(scrollX, scrollY);
  };
}
