import type { Instant } from '../../../machines/index.ts';
import type { DraftSync } from './draftSync.types.ts';

/**
 * How safe a draft is: on this device and, when it can be reached, on the server (`saved`); only on the server
 * (`not-on-this-device`); nowhere but on the screen (`failed`).
 */
export type DraftStatus = 'saved' | 'saving' | 'unsaved' | 'not-on-this-device' | 'failed';

/** A text and when it was saved. */
export interface DraftCopy {
  /** The text. */
  readonly value: string;
  /** When it was saved, in epoch ms. */
  readonly savedAt: Instant;
}

/** One draft as the screen shows it; the same object as long as nothing of it changes. */
export interface DraftState {
  /** The text; empty while the page is locked. */
  readonly value: string;
  /** How safe the text is. */
  readonly status: DraftStatus;
  /** When it was saved last, in epoch ms. */
  readonly savedAt: Instant | null;
  /** Another copy that differs, from another tab or device. Neither is deleted until the user decides. */
  readonly conflict: DraftCopy | null;
}

/** How a field presents its draft. */
export interface DraftOptions {
  /** What the user would call it. */
  readonly label: string;
  /** The text while there is no draft. Default empty. */
  readonly initial?: string;
}

/** The drafts of the user who is signed in. */
export interface Drafts {
  /** What the screen shows of a draft. */
  readonly read: (key: string) => DraftState;
  /** Calls at every change of a draft. @returns what stops it */
  readonly subscribe: (key: string, listener: () => void) => () => void;
  /** Loads a draft, once, as soon as its owner is proved to be here. */
  readonly open: (key: string, options: DraftOptions) => void;
  /** Takes what was typed; it is saved by itself. */
  readonly write: (key: string, value: string) => void;
  /** Takes the other copy instead of this one. */
  readonly takeConflict: (key: string) => void;
  /** Keeps this copy instead of the other one. */
  readonly keepMine: (key: string) => void;
  /** Deletes the draft, here and on the server: it was sent, or it is not wanted any more. */
  readonly clear: (key: string) => void;
}

/** Whose drafts these are, and where they are kept. */
export interface DraftOwner {
  readonly draftSync: DraftSync;
  /** The name under which a draft is kept. */
  readonly nameOf: (key: string) => Promise<string>;
}

/** The drafts as the tab drives them. */
export interface DraftStore extends Drafts {
  /** Their owner is here: loads every draft that is on the screen. */
  readonly restore: (owner: DraftOwner) => Promise<void>;
  /** Saves what is not saved yet, on this device and, where it can be reached, on the server. */
  readonly flush: () => Promise<void>;
  /** Saves on the server what this device cannot keep. @returns whether each text is kept somewhere else than on the screen */
  readonly keepAll: () => Promise<boolean>;
  /** Takes every text out of memory that is kept somewhere else; it comes back with `restore`. */
  readonly clearSaved: () => void;
  /** Takes every text out of memory: its owner left. */
  readonly clearAll: () => void;
  /** Whether a text is that of a draft which is on the screen. */
  readonly has: (text: string) => boolean;
  /** What has not been kept on this device, and when it was saved on the server. */
  readonly elsewhere: () => readonly Instant[];
}
