import { createBeyond } from './beyond.ts';
import { readAgain, waitingOf } from './entries.ts';
import { createSecrets, isHere } from './field.ts';
import { entryOf, flush, save, type FormsContext } from './formsContext.ts';
import { createGiveBack } from './giveBack.ts';
import type { FormEntry, FormsState, FormStorage, FormsPorts, FormStore } from './forms.types.ts';
import { isSame } from './value.ts';
import { changed, done, keep } from './watching.ts';

const nothing: FormsState = { copies: [], notKept: [], unreadable: 0, isAllKnown: true };

function createContext(ports: FormsPorts): FormsContext {
  const idsOfFiles = new WeakMap<File, string>();
  const files = new Map<string, File>();
  const listeners = new Set<() => void>();
  const context: FormsContext = {
    ...ports,
    page: {
      secrets: createSecrets(),
      adapters: new Map(),
      unkept: new Map(),
      beyond: createBeyond(),
      scopes: new Set(),
      roots: new Set(),
      idOf(file) {
        const id = idsOfFiles.get(file) ?? ports.newId();
        idsOfFiles.set(file, id);
        files.set(id, file);
        return id;
      },
    },
    entries: new Map(),
    files,
    idsOfFiles,
    notes: new WeakMap(),
    state: nothing,
    storage: null,
    lost: [],
    unreadable: 0,
    giveBack: null,
    stopFollowing: () => {},
    cancelSave: null,
    tell() {
      const notKept = [...context.lost, ...[...context.entries.values()].flatMap((entry) => entry.notKept)];
      const { unreadable, page } = context;
      const isAllKnown = unreadable === 0 && !page.beyond.hasGone();
      const next = { copies: context.giveBack?.copies() ?? [], notKept, unreadable, isAllKnown };
      if (JSON.stringify(next) === JSON.stringify(context.state)) return;
      context.state = next;
      for (const listener of listeners) listener();
    },
    listeners,
  };
  return context;
}

/** What has gone from the page waits for its field; what is stored is read anew. */
function takeUp(entry: FormEntry, newId: () => string): void {
  const isStored = entry.isKept && !entry.isDirty;
  if (isStored) entry.waiting = [];
  for (const [key, { element, ...live }] of entry.fields) {
    if (isHere(element)) continue;
    entry.fields.delete(key);
    if (!isStored) entry.waiting.push(waitingOf({ ...live, key }, newId()));
  }
}

async function restore(context: FormsContext, storage: FormStorage): Promise<void> {
  const { clock, entries, newId } = context;
  const { forms, unreadable } = await storage.load(clock.now());
  context.storage = storage;
  context.unreadable = unreadable;
  for (const entry of entries.values()) takeUp(entry, newId);
  for (const form of forms) {
    const entry = entryOf(context, form);
    entry.savedAt = form.savedAt;
    for (const field of form.fields) {
      const isThere = entry.waiting.some(({ key, value }) => key === field.key && isSame(value, field.value));
      if (!isThere && !entry.fields.has(field.key)) entry.waiting.push(waitingOf(field, newId()));
    }
  }
  context.counted();
  context.giveBack?.look();
  context.tell();
}

function clearSaved(context: FormsContext): void {
  const { entries, files } = context;
  context.cancelSave?.();
  context.cancelSave = null;
  if (context.storage) context.page.beyond.leave();
  context.storage = null;
  context.lost = [...entries.values()].flatMap(({ notKept }) => notKept);
  for (const [name, entry] of entries) {
    entry.notKept = [];
    if (entry.isKept && !entry.isDirty) entries.delete(name);
  }
  if (entries.size === 0) files.clear();
  context.tell();
}

function clearAll(context: FormsContext): void {
  context.entries.clear();
  clearSaved(context);
  context.unreadable = 0;
  context.lost = [];
  context.tell();
}

/** @returns the forms of a tab; nothing is kept of them until `keep`. */
export function createForms(ports: FormsPorts): FormStore<FormStorage> {
  const context = createContext(ports);
  context.giveBack = createGiveBack(context);
  const { entries, page, listeners, notes } = context;
  return {
    read: () => context.state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    keep: (inside) => keep(context, inside),
    take(targets) {
      for (const target of targets) changed(context, target, true);
      for (const entry of entries.values()) readAgain(page, entry, ports.isDraft);
    },
    adapt(element, adapter) {
      page.adapters.set(element, adapter);
      context.giveBack?.look();
      return {
        changed() {
          // What the page itself puts there, before the user has come to it, is no work of theirs.
          if (notes.has(element)) changed(context, element);
        },
        stop: () => void page.adapters.delete(element),
      };
    },
    sent: (form) => done(context, form),
    use: (id) => context.giveBack?.use(id),
    drop(id) {
      for (const entry of entries.values()) {
        const left = entry.waiting.filter((each) => each.id !== id);
        if (left.length === entry.waiting.length) continue;
        entry.waiting = left;
        entry.isDirty = true;
        void save(context, entry);
      }
      context.tell();
    },
    restore: (storage) => restore(context, storage),
    flush: () => flush(context),
    clearSaved: () => clearSaved(context),
    clearAll: () => clearAll(context),
    saved: () => [...entries.values()].flatMap(({ savedAt }) => (savedAt === null ? [] : [savedAt])),
    isAllKept: () => [...entries.values()].every(({ isDirty, isKept }) => isKept && !isDirty),
  };
}
