import { holdViewState } from './holdViewState.ts';

/** What other people's modals set, or are set, when they open. */
const marks = ['open', 'inert', 'aria-hidden'];

/** How often a dialog is raised in one frame at most: whatever else wants to be on top must not make the page hang. */
const patience = 5;

/** What is opened inside the dialog is its own. */
const isAnotherModal = (node: Node): boolean =>
  node instanceof Element && node.matches('dialog:modal:not(.curfew-locked, .curfew-locked *)');

/** Raises what was opened inside a dialog above it again, without a word to whatever waits for its end. */
function raiseInside(dialog: HTMLDialogElement, inside: readonly HTMLDialogElement[]): void {
  for (const each of inside) {
    const hush = (event: Event) => {
      if (event.target !== each) return;
      event.stopImmediatePropagation();
      dialog.removeEventListener('close', hush, { capture: true });
    };
    dialog.addEventListener('close', hush, { capture: true });
    each.close();
    each.showModal();
  }
}

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
    const inside = [...dialog.querySelectorAll<HTMLDialogElement>('dialog:modal')];
    dialog.close();
    dialog.showModal();
    raiseInside(dialog, inside);
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
