import type { DraftStatus, DraftStore } from './draft.types.ts';
import {
  blank,
  cancelTimers,
  clearEntry,
  createEntry,
  show,
  type DraftContext,
  type DraftEntry,
} from './draftEntry.ts';
import { load } from './draftLoading.ts';
import { change, decide, saveNow } from './draftSaving.ts';
import { upload } from './draftUpload.ts';

const safe: ReadonlySet<DraftStatus> = new Set<DraftStatus>(['saved', 'not-on-this-device']);

/** Keeps drafts while they are typed: on this device within half a second, on the server within a few. */
export function createDrafts(ports: Omit<DraftContext, 'owner'>): DraftStore {
  const context: DraftContext = { ...ports, owner: null };
  const entries = new Map<string, DraftEntry>();

  function entryOf(key: string): DraftEntry {
    const entry = entries.get(key) ?? createEntry(key);
    entries.set(key, entry);
    return entry;
  }

  return {
    read: (key) => entries.get(key)?.state ?? blank,
    subscribe(key, listener) {
      const { listeners } = entryOf(key);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open(key, { initial = '' }) {
      const entry = entryOf(key);
      if (!entry.isLoaded && !entry.isDirty && entry.state.value !== initial) show(entry, { value: initial });
      entry.initial = initial;
      const { owner } = context;
      if (owner && !entry.isLoaded) load(context, entry, owner).catch(() => show(entry, { status: 'failed' }));
    },
    write: (key, value) => change(context, entryOf(key), { value }),
    takeConflict: (key) => decide(context, entryOf(key), ({ value }) => ({ value })),
    keepMine: (key) => decide(context, entryOf(key), () => ({})),
    clear(key) {
      const entry = entryOf(key);
      cancelTimers(entry);
      entry.isDirty = false;
      show(entry, { value: entry.initial, status: 'saved', savedAt: null, conflict: null });
      const { owner } = context;
      void owner?.nameOf(key).then(async (name) => {
        await owner.draftSync.delete(name);
        context.kept(name, null);
      });
    },
    async restore(next) {
      context.owner = next;
      const shown = [...entries.values()].filter(({ listeners, isDirty }) => listeners.size > 0 || isDirty);
      for (const [key, { listeners, isDirty }] of entries) if (listeners.size === 0 && !isDirty) entries.delete(key);
      await Promise.all(shown.map((entry) => load(context, entry, next)));
      for (const entry of shown) if (entry.isDirty) void saveNow(context, entry);
    },
    async flush() {
      await Promise.all([...entries.values()].map((entry) => saveNow(context, entry)));
    },
    async keepAll() {
      const isKept = ({ isDirty, state }: DraftEntry) => !isDirty && safe.has(state.status);
      const all = [...entries.values()];
      await Promise.all(all.filter((entry) => !isKept(entry)).map((entry) => upload(context, entry)));
      return all.every(isKept);
    },
    clearSaved() {
      context.owner = null;
      for (const entry of entries.values()) {
        cancelTimers(entry);
        // A text that could be kept nowhere stays, unseen: there is no other copy of it.
        if (!safe.has(entry.state.status)) entry.isDirty = true;
        if (!entry.isDirty) clearEntry(entry);
      }
    },
    clearAll() {
      context.owner = null;
      for (const entry of entries.values()) {
        cancelTimers(entry);
        clearEntry(entry);
      }
    },
    has: (text) => [...entries.values()].some(({ state, listeners }) => listeners.size > 0 && state.value === text),
    elsewhere: () =>
      [...entries.values()].flatMap(({ state }) =>
        state.status === 'not-on-this-device' && state.savedAt !== null ? [state.savedAt] : [],
      ),
  };
}
