import { useSelector } from '@xstate/react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { isLiveView, nearestDeadline, type SessionView } from '../../machines/index.ts';
import type { DraftOptions, DraftState } from '../client/work/draft.types.ts';
import type { Preserved } from '../client/work/inventory.ts';
import { unchained } from '../client/device/unchained.ts';
import { isSameState, stateOf } from '../client/tab/phase.ts';
import type { Keepable } from '../client/work/viewStateCodec.ts';
import { useActor, useTab } from './provider.tsx';
import type { Tab, TabActions, TabState } from '../client/tab/tab.types.ts';
import type { Transition } from '../client/tab/trace.ts';
import { leftAt } from '../messages/warningWords.ts';

/** What the tab shows; the same object as long as nothing of it changes. */
const useTabState = (): TabState => useSelector(useActor(), stateOf, isSameState);

/** What the tab shows, and what a user can do. */
export function useCurfew(): TabState & TabActions {
  const tab = useTab();
  const state = useTabState();
  return useMemo(() => ({ ...state, ...tab.actions }), [tab, state]);
}

const leftOf = (tab: Tab, view: SessionView | null): number | null =>
  isLiveView(view) ? leftAt(view, tab.now()) : null;

/**
 * Whole seconds to the nearest deadline by the server's clock, `null` when there is none. It renders again once a second
 * while the warning shows and once a minute otherwise.
 */
export function useRemaining(): number | null {
  const tab = useTab();
  const { phase, view } = useTabState();
  const [left, setLeft] = useState(() => leftOf(tab, view));
  const every = phase === 'warning' ? 1 : 60;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let cancel = () => {};
    const tick = () => {
      cancel();
      clearTimeout(timer);
      setLeft(leftOf(tab, view));
      if (!isLiveView(view)) return;
      // A hidden tab may have waited: what is left of the second is looked up when it is waited for.
      cancel = unchained(() => {
        const over = (nearestDeadline(view) - tab.now()) % (every * 1000);
        // Just past the boundary, so that the new whole second is on the screen when it begins.
        timer = setTimeout(tick, (over > 0 ? over : every * 1000) + 5);
      });
    };
    tick();
    const stop = tab.onTick(tick);
    return () => {
      cancel();
      clearTimeout(timer);
      stop();
    };
  }, [tab, view, every]);

  return left;
}

/** A draft, and what can be done with it. */
export interface Draft extends DraftState {
  /** Takes what was typed; it is saved by itself. */
  readonly setValue: (value: string) => void;
  /** Takes the other copy instead of this one. */
  readonly takeConflict: () => void;
  /** Keeps this copy instead of the other one. */
  readonly keepMine: () => void;
  /** Deletes the draft, here and on the server: it was sent, or it is not wanted any more. */
  readonly clear: () => void;
}

/** Keeps what is typed into a field, encrypted, across time-outs, crashes and reloads. */
export function useDraft(key: string, { label, initial = '' }: DraftOptions): Draft {
  const { drafts } = useTab();
  const subscribe = useCallback((listener: () => void) => drafts.subscribe(key, listener), [drafts, key]);
  const read = useCallback(() => drafts.read(key), [drafts, key]);
  const state = useSyncExternalStore(subscribe, read, read);
  useEffect(() => drafts.open(key, { label, initial }), [drafts, key, label, initial]);
  return useMemo(
    () => ({
      ...state,
      setValue: (value) => drafts.write(key, value),
      takeConflict: () => drafts.takeConflict(key),
      keepMine: () => drafts.keepMine(key),
      clear: () => drafts.clear(key),
    }),
    [drafts, key, state],
  );
}

/** Says what the application keeps of a kind, for the summary on the locked screen; it outlives the component. */
export function usePreserved(kind: string, label: string, count: number): void {
  const { inventory } = useTab();
  useEffect(() => inventory.keep({ kind, label, count }), [inventory, kind, label, count]);
}

/** What is kept of this user's work. */
export function useInventory(): readonly Preserved[] {
  const { inventory } = useTab();
  return useSyncExternalStore(inventory.subscribe, inventory.list, inventory.list);
}

/** What this tab's machines did last, the newest at the end. */
export function useTransitions(): readonly Transition[] {
  const { trace } = useTab();
  return useSyncExternalStore(trace.subscribe, trace.moves, trace.moves);
}

/** Keeps where the user is, by name (the route, an open panel), and calls `restore` when it is to be brought back. */
export function useViewState(name: string, value: Keepable, restore: (value: Keepable) => void): void {
  const { viewState } = useTab();
  const latest = useRef(restore);
  useEffect(() => {
    latest.current = restore;
  });
  useEffect(() => {
    const bringBack = () => {
      const kept = viewState.take(name);
      if (kept !== undefined) latest.current(kept);
    };
    bringBack();
    return viewState.subscribe(bringBack);
  }, [viewState, name]);
  useEffect(() => viewState.note(name, value), [viewState, name, value]);
}
