import { seconds } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import { isNothing, restoreElementState, type ElementState } from './elementState.ts';

/** How long content may take to appear before only what is there is restored. */
const restoreWithin = seconds(5);
/** An event of the user's own ends the restoring: they have gone on already. */
const ownEvents = ['pointerdown', 'wheel', 'touchstart', 'keydown'] as const;

/** Restores scroll, focus and selection as the content appears. */
export interface ElementRestorer {
  /** Restores what can be found now, and the rest within 5 s. */
  readonly restore: (elements: ElementState) => void;
  /** @returns what has not been restored yet, `null` when nothing is to be. */
  readonly pending: () => ElementState | null;
  readonly stop: () => void;
}

/** @returns a restorer with nothing to do yet. */
export function createElementRestorer(root: Document, timer: Timer): ElementRestorer {
  let pending: ElementState | null = null;
  let stop = () => {};

  return {
    restore(elements) {
      stop();
      pending = elements;
      const stopping = new AbortController();
      const { signal } = stopping;
      const look = (isLast: boolean) => {
        if (pending !== null) pending = restoreElementState(root, pending, isLast);
        if (pending === null || isNothing(pending) || isLast) stop();
      };
      const observer = new MutationObserver(() => look(false));
      const cancel = timer(() => look(true), restoreWithin);
      stop = () => {
        pending = null;
        observer.disconnect();
        cancel();
        stopping.abort();
        stop = () => {};
      };
      observer.observe(root.body, { childList: true, subtree: true, attributes: true, characterData: true });
      for (const type of ownEvents) root.addEventListener(type, () => stop(), { signal, capture: true, passive: true });
      look(false);
    },
    pending: () => pending,
    stop: () => stop(),
  };
}

/** @returns what is on the screen, with what has not been restored yet instead: that is still where the user was. */
export const withPending = (elements: ElementState, pending: ElementState | null): ElementState =>
  pending === null
    ? elements
    : {
        scroll: { ...elements.scroll, ...pending.scroll },
        selection: { ...elements.selection, ...pending.selection },
        focus: pending.focus ?? elements.focus,
      };
