import type { Instant } from '../../../machines/index.ts';

/** One kind of thing that is kept, for the summary on the locked screen. */
export interface Preserved {
  /** A word of the application, one a kind: `draft`, `conversation`. */
  readonly kind: string;
  /** What the user would call one of them. */
  readonly label: string;
  /** How many there are. */
  readonly count: number;
  /** When the newest of them was saved, where that is known. */
  readonly savedAt?: Instant;
}

/** What is kept of one user's work, as this tab knows it. */
export interface Inventory {
  /** The same array as long as nothing changed; kinds without anything are left out. */
  readonly list: () => readonly Preserved[];
  /** Calls at every change. @returns what stops it */
  readonly subscribe: (listener: () => void) => () => void;
  /** Says what is kept of a kind; a count of 0 takes it off the list. It outlives the component that says so. */
  readonly keep: (kept: Preserved) => void;
  /** Takes everything out of memory: another user may come. */
  readonly clear: () => void;
}

/** An inventory of nothing. */
export function createInventory(): Inventory {
  let all: readonly Preserved[] = [];
  const listeners = new Set<() => void>();
  const take = (next: readonly Preserved[]) => {
    all = next;
    for (const listener of listeners) listener();
  };

  return {
    list: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    keep(kept) {
      const there = all.find(({ kind }) => kind === kept.kind);
      if (
        there
          ? there.label === kept.label && there.count === kept.count && there.savedAt === kept.savedAt
          : kept.count === 0
      )
        return;
      const others = all.filter(({ kind }) => kind !== kept.kind);
      const index = there ? all.indexOf(there) : others.length;
      take(kept.count === 0 ? others : [...others.slice(0, index), kept, ...others.slice(index)]);
    },
    clear() {
      if (all.length > 0) take([]);
    },
  };
}
