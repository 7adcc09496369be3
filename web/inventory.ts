import type { Instant } from '../machines/index.ts';

/** One kind of thing that is kept, for the summary on the locked screen. */
export interface Kept {
  readonly kind: string;
  readonly label: string;
  readonly count: number;
  /** When the newest of them was saved, where that is known. */
  readonly savedAt?: Instant;
}

/** What is kept of one person's work, as this tab knows it. */
export interface Inventory {
  /** The same array as long as nothing changed; kinds without anything are left out. */
  readonly list: () => readonly Kept[];
  readonly subscribe: (listener: () => void) => () => void;
  /** Says what is kept of a kind; a count of 0 takes it off the list. */
  readonly keep: (kept: Kept) => void;
  /** Forgets everything: somebody else is here. */
  readonly wipe: () => void;
}
