import type { Instant } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { DraftCopy, DraftOwner, DraftState } from './draft.types.ts';

/** One draft in memory: what the screen shows of it, and what has not been saved yet. */
export interface DraftEntry {
  readonly key: string;
  state: DraftState;
  initial: string;
  /** The user typed or decided something since the last save. */
  isDirty: boolean;
  isLoaded: boolean;
  /** The text as it was loaded, before anything was typed; `null` while that is not known. */
  loaded: string | null;
  /** A copy that came to light after something was typed. */
  against: DraftCopy | null;
  isDecided: boolean;
  saving: Promise<void> | null;
  cancelSave: (() => void) | null;
  cancelSync: (() => void) | null;
  readonly listeners: Set<() => void>;
}

/** What all drafts of a tab share. */
export interface DraftContext {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  /** Is told the name of what was saved and when, or `null` for what was deleted. */
  readonly kept: (name: string, savedAt: Instant | null) => void;
  /** Whose drafts these are; `null` while the keys are not here. */
  owner: DraftOwner | null;
}

/** What is shown of a draft without a text. */
export const blank: DraftState = { value: '', status: 'saved', savedAt: null, conflict: null };

/** @returns an entry without a text, neither loaded nor changed. */
export const createEntry = (key: string): DraftEntry => ({
  key,
  state: blank,
  initial: '',
  isDirty: false,
  isLoaded: false,
  loaded: null,
  against: null,
  isDecided: false,
  saving: null,
  cancelSave: null,
  cancelSync: null,
  listeners: new Set(),
});

/** Changes what the screen shows of a draft. */
export function show(entry: DraftEntry, changes: Partial<DraftState>): void {
  entry.state = { ...entry.state, ...changes };
  for (const listener of entry.listeners) listener();
}

/** Cancels the next save and the next try to reach the server. */
export function cancelTimers(entry: DraftEntry): void {
  entry.cancelSave?.();
  entry.cancelSync?.();
  entry.cancelSave = null;
  entry.cancelSync = null;
}

/** Drops the text of a draft from memory and shows the blank state. Copies on this device and on the server stay. */
export function clearEntry(entry: DraftEntry): void {
  entry.isLoaded = false;
  entry.isDirty = false;
  entry.loaded = null;
  entry.against = null;
  show(entry, blank);
}
