import { readAgain, readNow, type Page, type Place } from './entries.ts';
import { fieldOf, formOf, labelOf, type Field } from './field.ts';
import { saveForm } from './formSaving.ts';
import type { FormEntry, FormsPorts, FormsState, FormStorage, KeptCopy, NotKept } from './forms.types.ts';
import { nameUnkept } from './unkept.ts';
import { defaultOf, isSame, type FieldValue } from './value.ts';

/** Gives back what is kept. */
export interface GiveBack {
  /** Looks whether something can be given back now. */
  readonly look: () => void;
  readonly copies: () => readonly KeptCopy[];
  readonly use: (id: string) => void;
}

/** Where a field was when the user came to it, and what was in it before they did anything. */
export interface Note extends Place {
  readonly route: string;
  readonly first: FieldValue;
}

/** What all forms of a tab share. */
export interface FormsContext extends FormsPorts {
  readonly page: Page;
  readonly entries: Map<string, FormEntry>;
  /** What has been chosen, until it is kept. */
  readonly files: Map<string, File>;
  readonly idsOfFiles: WeakMap<File, string>;
  readonly notes: WeakMap<Field, Note>;
  readonly listeners: Set<() => void>;
  state: FormsState;
  storage: FormStorage | null;
  /** What was not kept when memory was cleared, for the locked screen. */
  lost: readonly NotKept[];
  unreadable: number;
  giveBack: GiveBack | null;
  stopFollowing: () => void;
  cancelSave: (() => void) | null;
  readonly tell: () => void;
}

const saveAfter = 400;

/** The entry of a form; a new one where there is none. */
export function entryOf({ entries }: FormsContext, { form, route }: { form: string; route: string }): FormEntry {
  const name = `${route}\n${form}`;
  const entry = entries.get(name) ?? {
    route,
    form,
    fields: new Map(),
    waiting: [],
    isDirty: false,
    isKept: true,
    savedAt: null,
    notKept: [],
    saving: Promise.resolve(),
  };
  entries.set(name, entry);
  return entry;
}

/** Follows from now on what is in a field. */
export function setLive(context: FormsContext, field: Field, note: Note): void {
  const { fields } = entryOf(context, note);
  context.notes.set(field, note);
  if (fields.get(note.key)?.element === field) return;
  const { first } = note;
  const label = context.page.adapters.get(field)?.label ?? labelOf(field);
  fields.set(note.key, { element: field, owner: formOf(field), label, first, value: first });
}

/** Whether a field is followed already. */
export const isLive = (context: FormsContext, field: Field, note: Note | undefined): boolean =>
  note !== undefined && entryOf(context, note).fields.get(note.key)?.element === field;

/** Reads and keeps everything 400 ms after it changed. */
export function saveSoon(context: FormsContext): void {
  context.cancelSave ??= context.timer(() => void flush(context), saveAfter);
}

/** Keeps a form, one time after the other. */
export function save(context: FormsContext, entry: FormEntry): Promise<void> {
  entry.saving = entry.saving.then(() => saveForm(context, entry)).catch(() => {});
  return entry.saving;
}

/** Keeps what is not kept yet; what is on the screen is read before this returns. */
export async function flush(context: FormsContext): Promise<void> {
  context.cancelSave?.();
  context.cancelSave = null;
  const all = [...context.entries.values()];
  for (const entry of all) readAgain(context.page, entry, context.isDraft);
  for (const [field, why] of context.page.unkept) {
    const value = readNow(context.page, field);
    // A field of a draft is kept as one.
    if ('text' in value && context.isDraft(value.text)) continue;
    nameUnkept(field, why);
    context.page.beyond.add(field);
  }
  context.page.unkept.clear();
  if (context.storage)
    context.page.beyond.look((each) => !fieldOf(each) || !isSame(readNow(context.page, each), defaultOf(each)));
  await Promise.all(all.map((entry) => save(context, entry)));
}
