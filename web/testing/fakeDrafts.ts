import type { Instant } from '../../machines/index.ts';
import type { Drafts, DraftState } from '../client/work/draft.types.ts';

/** Drafts that are in memory alone, and say that they are saved. */
export function fakeDrafts(texts: Readonly<Record<string, string>>, now: () => Instant): Drafts {
  const saved = (value: string): DraftState => ({ value, status: 'saved', savedAt: now(), conflict: null });
  const blank: DraftState = { value: '', status: 'saved', savedAt: null, conflict: null };
  const states = new Map(Object.entries(texts).map(([key, text]) => [key, saved(text)]));
  const listeners = new Map<string, Set<() => void>>();
  const set = (key: string, state: DraftState) => {
    states.set(key, state);
    for (const listener of listeners.get(key) ?? []) listener();
  };
  return {
    read: (key) => states.get(key) ?? blank,
    subscribe(key, listener) {
      const all = listeners.get(key) ?? new Set();
      listeners.set(key, all.add(listener));
      return () => void all.delete(listener);
    },
    open(key, { initial = '' }) {
      if (!states.has(key) && initial !== '') set(key, { ...blank, value: initial });
    },
    write: (key, value) => set(key, saved(value)),
    takeConflict: () => {},
    keepMine: () => {},
    clear: (key) => set(key, blank),
  };
}
