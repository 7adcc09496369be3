import type { Timer } from '../device/timer.ts';
import { createElementRestorer, withPending } from './elementRestorer.ts';
import { captureElementState, nameAround } from './elementState.ts';
import { decodeViewState, encodeViewState, isKeepable, type Keepable } from './viewStateCodec.ts';

/** Where the user was: named values of the application, and scroll, focus and selection of marked elements. */
export interface ViewState {
  /** Notes the present value of something by name: the route, an open panel. */
  readonly note: (name: string, value: Keepable) => void;
  /** Takes, once, the value that is to be brought back; `undefined` when there is none. */
  readonly take: (name: string) => Keepable | undefined;
  /** Called when there are values to be brought back. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The view state as the tab drives it. */
export interface ViewStateStore extends ViewState {
  /** Where the user is now, as text. */
  readonly capture: () => string;
  /** Brings back what a captured text says, as soon as the content is there. */
  readonly bringBack: (captured: string) => void;
  /** Follows the focus and what moves. @returns what stops it */
  readonly follow: (moved: () => void) => () => void;
  /** Takes everything out of memory. */
  readonly clear: () => void;
}

/** @param root the document; `null` where there is none. */
export function createViewState(root: Document | null, timer: Timer): ViewStateStore {
  const listeners = new Set<() => void>();
  const values = new Map<string, Keepable>();
  /** What is to be brought back and has not been taken yet. */
  const waiting = new Map<string, Keepable>();
  const restorer = root && createElementRestorer(root, timer);
  let focus: string | null = null;
  let tellMoved = () => {};

  return {
    note(name, value) {
      // Until the old value has been taken, what is noted is only where a fresh start begins.
      if (waiting.has(name)) return;
      values.set(name, value);
      tellMoved();
    },
    take(name) {
      const value = waiting.get(name);
      waiting.delete(name);
      return value;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    capture() {
      const elements = root ? captureElementState(root, focus) : { scroll: {}, selection: {}, focus };
      return encodeViewState({
        values: { ...Object.fromEntries(values), ...Object.fromEntries(waiting) },
        elements: withPending(elements, restorer?.pending() ?? null),
      });
    },
    bringBack(text) {
      const captured = decodeViewState(text);
      if (captured === null) return;
      for (const [name, value] of Object.entries(captured.values)) if (isKeepable(value)) waiting.set(name, value);
      focus = captured.elements.focus;
      for (const listener of listeners) listener();
      restorer?.restore(captured.elements);
    },
    follow(moved) {
      if (root === null) return () => {};
      const stop = new AbortController();
      const options = { signal: stop.signal, capture: true, passive: true };
      const look = () => {
        const { activeElement } = root;
        // A dialog borrows the focus, and a lost one falls to the body: neither is where the user was.
        if (activeElement === null || activeElement === root.body || activeElement.closest('dialog')) return;
        focus = nameAround(activeElement);
      };
      tellMoved = moved;
      root.addEventListener('focusin', () => (look(), moved()), options);
      for (const type of ['scroll', 'selectionchange']) root.addEventListener(type, moved, options);
      return () => {
        tellMoved = () => {};
        restorer?.stop();
        stop.abort();
      };
    },
    clear() {
      restorer?.stop();
      values.clear();
      waiting.clear();
      focus = null;
    },
  };
}
