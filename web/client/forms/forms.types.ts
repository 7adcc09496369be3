import type { Instant } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { Field } from './field.ts';
import type { FieldAdapter, FieldValue } from './value.ts';

/** Something that was kept and is not in a field now: its field says something else, or is not here. */
export interface KeptCopy {
  /** Names it for `use` and `drop`. */
  readonly id: string;
  /** What the user would call the field. */
  readonly label: string;
  /** What was kept, in words; empty for what is on or off, which `isOn` says. */
  readonly text: string;
  /** Whether it was on; `null` for what is a text, a choice or a file. */
  readonly isOn: boolean | null;
  /** The page on which it was filled in, as the address bar has it. */
  readonly route: string;
  /** Whether its field is on the page, so that `use` can put it there. */
  readonly isHere: boolean;
}

/** Why something that was filled in is not kept: a file of more than 10 MB, all files together more than 50 MB, or a device that keeps nothing. */
export type NotKeptReason = 'too-large' | 'no-room' | 'refused';

/** Something that was filled in and is not kept. */
export interface NotKept {
  /** The name of the file, or what the user would call the field. */
  readonly name: string;
  readonly reason: NotKeptReason;
}

/** What is known of what is kept of forms; the same object as long as nothing of it changes. */
export interface FormsState {
  /** To be offered, or waiting for a field that is not here. */
  readonly copies: readonly KeptCopy[];
  /** What was filled in and is not kept. */
  readonly notKept: readonly NotKept[];
  /** How many forms were kept that cannot be read: damaged, or by a newer version of this library. */
  readonly unreadable: number;
  /**
   * Whether, as far as this page can tell, the lock has taken away nothing but what is kept: `false` when a form cannot be read,
   * and when the user had been in a field that cannot be kept, a frame of another origin, a closed shadow root or a canvas.
   */
  readonly isAllKnown: boolean;
}

/** The content of a guard: what is between two elements, and what has come to the page since and is in no other guard. */
export interface GuardedPart {
  readonly first: { readonly current: Element | null };
  readonly last: { readonly current: Element | null };
  /** What was on the page before. */
  readonly outside: { readonly current: WeakSet<Element> | null };
}

/** Where fields are kept. */
export type Inside = Element | ((field: HTMLElement) => boolean) | GuardedPart;

/** Keeps what a user fills in, without a hook: encrypted, on this device alone. */
export interface Forms {
  readonly read: () => FormsState;
  /** Calls at every change. @returns what stops it */
  readonly subscribe: (listener: () => void) => () => void;
  /** Keeps what is in the fields of an element, or of what a function says is inside. @returns what stops it */
  readonly keep: (inside: Inside) => () => void;
  /** Keeps an editor that has a state of its own. @returns what is to be called at every change, and what stops it */
  readonly adapt: (element: HTMLElement, adapter: FieldAdapter) => AdaptedField;
  /** The form was sent, or is given up: nothing of it is kept any more. */
  readonly sent: (form: Element) => void;
  /** Puts a copy into its field. */
  readonly use: (id: string) => void;
  /** Deletes a copy. */
  readonly drop: (id: string) => void;
}

/** An editor that is kept. */
export interface AdaptedField {
  /** The user has changed something. */
  readonly changed: () => void;
  readonly stop: () => void;
}

/** A field as it is stored; the names are part of the format. */
export interface StoredField {
  readonly key: string;
  readonly label: string;
  /** What was in it before the user did anything. */
  readonly first: FieldValue;
  readonly value: FieldValue;
}

/** A stored field that is not back yet. */
export interface WaitingField extends StoredField {
  readonly id: string;
  /** Until when the page may go on loading before this is offered; `null` while its field has not been seen. */
  until: Instant | null;
  /** It is not put into its field by itself any more. */
  isOffered: boolean;
  isHere: boolean;
  /** It is being read. */
  isBusy: boolean;
}

/** A field that the user has changed. */
export interface LiveField {
  readonly element: Field;
  /** The form it was in when it was changed. */
  readonly owner: Element | null;
  readonly label: string;
  readonly first: FieldValue;
  value: FieldValue;
}

/** What is kept of one form. */
export interface FormEntry {
  readonly route: string;
  readonly form: string;
  readonly fields: Map<string, LiveField>;
  waiting: WaitingField[];
  isDirty: boolean;
  /** Whether all of it is on this device; otherwise it is in memory alone. */
  isKept: boolean;
  savedAt: Instant | null;
  notKept: readonly NotKept[];
  saving: Promise<void>;
}

/** What was found of one form. */
export interface LoadedForm {
  readonly route: string;
  readonly form: string;
  readonly savedAt: Instant;
  readonly fields: readonly StoredField[];
}

/** Where forms are kept, for the user who is here. Nothing here throws. */
export interface FormStorage {
  /** @param now what has expired by then is deleted */
  readonly load: (now: Instant) => Promise<{ readonly forms: readonly LoadedForm[]; readonly unreadable: number }>;
  /** Keeps a form, or with no fields deletes it. @returns whether this device has it now */
  readonly save: (form: LoadedForm) => Promise<boolean>;
  /** Keeps the bytes of a file. @returns why not, `null` when they are kept */
  readonly saveFile: (id: string, file: File) => Promise<NotKeptReason | null>;
  /** @returns the bytes of a file; `null` when they are not here, or cannot be read. */
  readonly readFile: (id: string) => Promise<Uint8Array<ArrayBuffer> | null>;
}

/** What forms are kept with. */
export interface FormsPorts {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  readonly document: Document | null;
  readonly newId: () => string;
  /** Whether a text is kept as a draft already. */
  readonly isDraft: (text: string) => boolean;
  /** What is kept is not what it was. */
  readonly counted: () => void;
}

/** The forms as the tab drives them. */
export interface FormStore<Storage> extends Forms {
  /** Their owner is here: reads what is kept, to be given back as its fields appear. */
  readonly restore: (storage: Storage) => Promise<void>;
  /** Goes on with what was changed before anything was followed. */
  readonly take: (targets: Iterable<unknown>) => void;
  /** Keeps what is not kept yet. What is on the screen is read before this returns. */
  readonly flush: () => Promise<void>;
  /** Takes out of memory what is kept; what is kept nowhere else stays, unseen. */
  readonly clearSaved: () => void;
  /** Takes everything out of memory: its owner left. */
  readonly clearAll: () => void;
  /** When each form that is on this device was saved. */
  readonly saved: () => readonly number[];
  /** Whether nothing that was typed is in this page's memory alone. */
  readonly isAllKept: () => boolean;
}
