import { seconds, type Instant } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { DraftOwner, DraftCopy, DraftState, DraftStatus, DraftStore } from './draft.types.ts';
import type { Loaded } from './draftSync.types.ts';

interface Entry {
  state: DraftState;
  initial: string;
  /** What the person did since the last save. */
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

const saveAfter = 400;
const syncAfter = seconds(2);
const syncAgainAfter = seconds(30);
const safe: ReadonlySet<DraftStatus> = new Set<DraftStatus>(['saved', 'not-on-this-device']);
const blank: DraftState = { value: '', status: 'saved', savedAt: null, conflict: null };

/** Keeps drafts while they are typed: on this device within half a second, on the server within a few. */
export function createDrafts({
  clock,
  timer,
  kept,
}: {
  clock: { now: () => Instant };
  timer: Timer;
  /** Is told what was saved, and with `null` what was removed. */
  kept: (name: string, savedAt: Instant | null) => void;
}): DraftStore {
  const entries = new Map<string, Entry>();
  let desk: DraftOwner | null = null;

  function entryOf(key: string): Entry {
    const there = entries.get(key);
    if (there) return there;
    const made: Entry = {
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
    };
    entries.set(key, made);
    return made;
  }
  function show(entry: Entry, changes: Partial<DraftState>): void {
    entry.state = { ...entry.state, ...changes };
    for (const listener of entry.listeners) listener();
  }

  async function load(key: string, entry: Entry, { shelf, nameOf }: DraftOwner): Promise<void> {
    entry.isLoaded = true;
    const take = ({ mine, other, kept: isKept, synced }: Loaded) => {
      if (desk?.shelf !== shelf) return;
      const value = mine?.value ?? entry.initial;
      const savedAt = mine?.savedAt ?? null;
      if (!entry.isDirty && entry.saving === null) {
        entry.loaded = value;
        // What is nowhere yet is on its way: what becomes of it is said then.
        const status = isKept ? 'saved' : synced ? 'not-on-this-device' : entry.state.status;
        show(entry, { value, status, savedAt, conflict: other });
      } else if (mine && value !== entry.loaded && value !== entry.state.value) {
        entry.against = mine;
        show(entry, { conflict: mine });
      }
    };
    const found = await shelf.load(await nameOf(key), take);
    take(found);
    if (!found.synced) syncLater(key, entry);
  }

  async function sync(key: string, entry: Entry): Promise<void> {
    const here = desk;
    if (here === null) return;
    const answer = await here.shelf.sync(await here.nameOf(key)).catch(() => ({ outcome: 'failed' as const }));
    if (desk !== here) return;
    if (answer.outcome === 'differs') show(entry, { conflict: answer.other });
    if (answer.outcome === 'failed') syncLater(key, entry, syncAgainAfter);
    if (entry.isDirty || entry.state.status === 'saved') return;
    show(entry, { status: answer.outcome === 'failed' ? 'failed' : 'not-on-this-device' });
  }
  function syncLater(key: string, entry: Entry, after = syncAfter): void {
    entry.cancelSync ??= timer(() => {
      entry.cancelSync = null;
      void sync(key, entry);
    }, after);
  }

  async function save(key: string, entry: Entry): Promise<void> {
    const here = desk;
    if (here === null || !entry.isDirty) return;
    const { value } = entry.state;
    const { isDecided, against } = entry;
    entry.isDirty = false;
    entry.isDecided = false;
    entry.against = null;
    show(entry, { status: 'saving' });
    const name = await here.nameOf(key);
    if (value === '' && entry.initial === '' && !entry.state.conflict) {
      await here.shelf.remove(name);
      if (!entry.isDirty) show(entry, { status: 'saved', savedAt: null });
      kept(name, null);
    } else {
      const savedAt = clock.now();
      const { kept: isKept, other } = await here.shelf.save(name, { value, savedAt, isDecided, against });
      if (desk !== here) return;
      show(entry, { savedAt, conflict: other, ...(isKept && !entry.isDirty && { status: 'saved' }) });
      // What only the server can keep goes there at once; nobody waits for it.
      if (!isKept) void sync(key, entry);
      kept(name, savedAt);
    }
    syncLater(key, entry);
  }
  /** One save at a time for each draft; what was typed meanwhile is saved by the next. */
  function saveNow(key: string, entry: Entry): Promise<void> {
    entry.cancelSave?.();
    entry.cancelSave = null;
    const before = entry.saving ?? Promise.resolve();
    const saving = before
      .then(() => save(key, entry))
      .catch(() => show(entry, { status: 'failed' }))
      .finally(() => {
        if (entry.saving === saving) entry.saving = null;
      });
    entry.saving = saving;
    return saving;
  }
  function change(key: string, changes: Partial<DraftState>): void {
    const entry = entryOf(key);
    entry.isDirty = true;
    show(entry, { ...changes, status: 'unsaved' });
    entry.cancelSave ??= timer(() => void saveNow(key, entry), saveAfter);
  }
  function decide(key: string, taking: (conflict: DraftCopy) => Partial<DraftState>): void {
    const entry = entryOf(key);
    const { conflict } = entry.state;
    if (conflict === null) return;
    entry.isDecided = true;
    entry.against = null;
    change(key, { ...taking(conflict), conflict: null });
  }
  function stopTimers(entry: Entry): void {
    entry.cancelSave?.();
    entry.cancelSync?.();
    entry.cancelSave = null;
    entry.cancelSync = null;
  }

  function drop(entry: Entry): void {
    entry.isLoaded = false;
    entry.isDirty = false;
    entry.loaded = null;
    entry.against = null;
    show(entry, blank);
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
      if (desk && !entry.isLoaded) load(key, entry, desk).catch(() => show(entry, { status: 'failed' }));
    },
    write: (key, value) => change(key, { value }),
    takeConflict: (key) => decide(key, ({ value }) => ({ value })),
    keepMine: (key) => decide(key, () => ({})),
    clear(key) {
      const entry = entryOf(key);
      stopTimers(entry);
      entry.isDirty = false;
      show(entry, { value: entry.initial, status: 'saved', savedAt: null, conflict: null });
      const here = desk;
      void here?.nameOf(key).then(async (name) => {
        await here.shelf.remove(name);
        kept(name, null);
      });
    },
    async restore(next) {
      desk = next;
      const shown = [...entries].filter(([, { listeners, isDirty }]) => listeners.size > 0 || isDirty);
      for (const [key, { listeners, isDirty }] of entries) if (listeners.size === 0 && !isDirty) entries.delete(key);
      await Promise.all(shown.map(([key, entry]) => load(key, entry, next)));
      for (const [key, entry] of shown) if (entry.isDirty) void saveNow(key, entry);
    },
    async flush() {
      await Promise.all([...entries].map(([key, entry]) => saveNow(key, entry)));
    },
    forget() {
      desk = null;
      for (const entry of entries.values()) {
        stopTimers(entry);
        // A text that could be kept nowhere stays, unseen: there is no other copy of it.
        if (!safe.has(entry.state.status)) entry.isDirty = true;
        if (!entry.isDirty) drop(entry);
      }
    },
    wipe() {
      desk = null;
      for (const entry of entries.values()) {
        stopTimers(entry);
        drop(entry);
      }
    },
    elsewhere: () =>
      [...entries.values()].flatMap(({ state }) =>
        state.status === 'not-on-this-device' && state.savedAt !== null ? [state.savedAt] : [],
      ),
  };
}
