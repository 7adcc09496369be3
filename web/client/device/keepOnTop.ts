import { holdViewState } from './holdViewState.ts';

/** What other people's modals set, or are set, when they open. */
const marks = ['open', 'inert', 'aria-hidden'];

/** How often a dialog is raised in one frame at most: whatever else wants to be on top must not make the page hang. */
const patience = 5;

const isAnotherModal = (node: Node): boolean =>
  node instanceof Element && node.matches('dialog:modal:not(.curfew-locked)');

/**
 * Opens a dialog as a modal and keeps it the topmost: what opens later would take the focus and make it inert. The focus
 * and the selection inside stay where they are.
 *
 * @returns what closes it.
 */
export function keepOnTop(dialog: HTMLDialogElement): () => void {
  let focused: Element | null = null;
  let frame: CSSNumberish | null = null;
  let raised = 0;

  const raise = () => {
    const now = document.timeline.currentTime;
    raised = frame === now ? raised + 1 : 1;
    frame = now;
    if (raised > patience) return;
    const giveBack = holdViewState(focused);
    dialog.inert = false;
    dialog.removeAttribute('aria-hidden');
    dialog.close();
    dialog.showModal();
    giveBack();
  };
  const isMarked = () => !dialog.open || dialog.inert || dialog.getAttribute('aria-hidden') === 'true';
  const observer = new MutationObserver((changes) => {
    if (isMarked() || changes.some(({ target }) => isAnotherModal(target))) raise();
  });
  const onFocus = ({ target }: FocusEvent) => {
    focused = target instanceof Element ? target : null;
  };

  dialog.addEventListener('focusin', onFocus);
  dialog.showModal();
  observer.observe(document, { subtree: true, attributeFilter: marks });
  return () => {
    observer.disconnect();
    dialog.removeEventListener('focusin', onFocus);
    dialog.close();
  };
}
