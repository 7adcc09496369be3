import { seconds } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import { captureElementState, isNothing, nameAround, restoreElementState, type ElementState } from './elementState.ts';
import { parsed } from '../http/parseJson.ts';
import { isRecord } from '../http/wire.ts';

/** A value that can be kept: whatever JSON can say. */
export type Keepable = string | number | boolean | null | readonly Keepable[] | { readonly [name: string]: Keepable };

/** Where the person was: named values of the application, and scroll, focus and selection of marked elements. */
export interface ViewState {
  /** Notes the present value of something by name: the route, an open panel. */
  readonly note: (name: string, value: Keepable) => void;
  /** Takes, once, the value that is to be brought back; `undefined` when there is none. */
  readonly take: (name: string) => Keepable | undefined;
  /** Called when there are values to be brought back. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The place as the tab drives it. */
export interface ViewStateStore extends ViewState {
  /** Where the person is now, as text. */
  readonly capture: () => string;
  /** Brings a person back to where a captured text says they were, as soon as the content is there. */
  readonly bringBack: (captured: string) => void;
  /** Follows the focus and what moves; the answer stops it. */
  readonly follow: (moved: () => void) => () => void;
  /** Forgets where anybody was. */
  readonly wipe: () => void;
}

/** How long content may take to appear before what is there has to do. */
const patience = seconds(5);
/** What a person does ends the bringing back: they are on their way already. */
const own = ['pointerdown', 'wheel', 'touchstart', 'keydown'] as const;

const isKeepable = (value: unknown): value is Keepable =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || isRecord(value);

interface Captured {
  readonly values: Readonly<Record<string, unknown>>;
  readonly marked: ElementState;
}

const isElementState = (value: unknown): value is ElementState =>
  isRecord(value) &&
  isRecord(value['scroll']) &&
  isRecord(value['selection']) &&
  (value['focus'] === null || typeof value['focus'] === 'string');

function parse(text: string): Captured | null {
  const value = parsed(text);
  return isRecord(value) && isRecord(value['values']) && isElementState(value['marked'])
    ? { values: value['values'], marked: value['marked'] }
    : null;
}

/** @param root the document; `null` where there is none. */
export function createViewState(root: Document | null, timer: Timer): ViewStateStore {
  const listeners = new Set<() => void>();
  const values = new Map<string, Keepable>();
  const waiting = new Map<string, Keepable>();
  let focus: string | null = null;
  let tellMoved = () => {};
  let stopBringing = () => {};

  /** What has not been brought back yet is still where the person was. */
  let pending: ElementState | null = null;

  function bring(document: Document, marked: ElementState): void {
    stopBringing();
    pending = marked;
    const stop = new AbortController();
    const { signal } = stop;
    const look = (isLast: boolean) => {
      if (pending !== null) pending = restoreElementState(document, pending, isLast);
      if (pending === null || isNothing(pending) || isLast) stopBringing();
    };
    const observer = new MutationObserver(() => look(false));
    const cancel = timer(() => look(true), patience);
    stopBringing = () => {
      pending = null;
      observer.disconnect();
      cancel();
      stop.abort();
      stopBringing = () => {};
    };
    observer.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
    for (const type of own)
      document.addEventListener(type, () => stopBringing(), { signal, capture: true, passive: true });
    look(false);
  }

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
      const marked: ElementState = root ? captureElementState(root, focus) : { scroll: {}, selection: {}, focus };
      const all = { ...Object.fromEntries(values), ...Object.fromEntries(waiting) };
      const unfinished = pending && {
        scroll: { ...marked.scroll, ...pending.scroll },
        selection: { ...marked.selection, ...pending.selection },
        focus: pending.focus ?? marked.focus,
      };
      return JSON.stringify({ values: all, marked: unfinished ?? marked } satisfies Captured);
    },
    bringBack(text) {
      const captured = parse(text);
      if (captured === null) return;
      for (const [name, value] of Object.entries(captured.values)) if (isKeepable(value)) waiting.set(name, value);
      focus = captured.marked.focus;
      for (const listener of listeners) listener();
      if (root) bring(root, captured.marked);
    },
    follow(moved) {
      if (root === null) return () => {};
      const stop = new AbortController();
      const options = { signal: stop.signal, capture: true, passive: true };
      const look = () => {
        const { activeElement } = root;
        // A dialog borrows the focus, and a lost one falls to the body: neither is where the person was.
        if (activeElement === null || activeElement === root.body || activeElement.closest('dialog')) return;
        focus = nameAround(activeElement);
      };
      tellMoved = moved;
      root.addEventListener('focusin', () => (look(), moved()), options);
      for (const type of ['scroll', 'selectionchange']) root.addEventListener(type, moved, options);
      return () => {
        tellMoved = () => {};
        stopBringing();
        stop.abort();
      };
    },
    wipe() {
      stopBringing();
      values.clear();
      waiting.clear();
      focus = null;
    },
  };
}
