import type { Instant, SessionView, SignedIn, User } from '../machines/index.ts';
import type { Timer } from './alarm.ts';
import type { DraftStore } from './draft.types.ts';
import { createDrafts } from './drafts.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { createPlaces, type PlaceStore } from './place.ts';
import { purge, type OpenRecords, type Records } from './records.ts';
import type { Remembered } from './remembered.ts';
import { serverCopies } from './serverCopies.ts';
import { createShelf, type Shelf } from './shelf.ts';
import type { SessionFetch } from './tab.types.ts';
import { createVault, hashOf, homeOf, type Vault } from './vault.ts';
import { isVaultKeys, type Admission } from './wire.ts';

/** What preserved work is made of. */
export interface WorkPorts {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  readonly remembered: Remembered;
  readonly openRecords: OpenRecords;
  readonly root: Document | null;
  readonly fetch: SessionFetch;
  readonly newId: () => string;
}

/** The work of whoever is at this tab: drafts, place and inventory, on this device and on the server. */
export interface Work {
  readonly drafts: DraftStore;
  readonly places: PlaceStore;
  readonly inventory: Inventory;
  readonly isOpen: () => boolean;
  /** Its owner is proved to be here: takes the keys, and forgets whoever was here before. */
  readonly open: (admission: Admission) => Promise<SignedIn>;
  /** Brings drafts and place back. */
  readonly restore: () => Promise<void>;
  /** Saves everything that is not saved yet. */
  readonly flush: () => Promise<void>;
  /** The content is about to be hidden: saves everything, the place as it is on the screen now. */
  readonly hide: () => Promise<void>;
  /** The content is shown again, unchanged. */
  readonly show: () => void;
  /** Saves everything, then forgets the key. */
  readonly lock: () => Promise<void>;
  /** Takes the texts out of memory, once they are not to be shown again at once. */
  readonly forget: () => void;
  /** Who was here before a reload, and what was kept, for the locked screen; `null` when this tab does not know. */
  readonly recall: (session: string) => User | null;
  /** Takes everything of its owner out of memory, for somebody else may come; what is kept stays kept. */
  readonly leave: () => void;
  /** Erases what is kept on this device of the person whose session this is. */
  readonly erase: () => Promise<void>;
}

interface Owner {
  readonly user: User;
  readonly home: string;
  readonly tab: string;
  readonly records: Records;
  readonly shelf: Shelf;
}

const draftPrefix = 'draft.';
const placePrefix = 'place.';
const savePlaceAfter = 500;

/** Nobody's work yet. */
export function createWork({ clock, timer, remembered, openRecords, root, fetch, newId }: WorkPorts): Work {
  const vault: Vault = createVault(async () => {
    const response = await fetch('/api/auth/vault-key', { activity: 'background' }).catch(() => null);
    const body: unknown = response?.ok === true ? await response.json().catch(() => null) : null;
    return isVaultKeys(body) ? body : null;
  });
  const inventory = createInventory();
  const places = createPlaces(root, timer);
  const drafts = createDrafts({ clock, timer, kept: () => void count() });
  let owner: Owner | null = null;
  let view: SessionView | null = null;
  let isRestored = false;
  let isHidden = false;
  let cancelPlace: (() => void) | null = null;
  let stopFollowing = () => {};

  const expiresAt = (): Instant => (view ? view.absoluteDeadline + view.policy.restoreWindow : clock.now());
  const names = new Map<string, Promise<string>>();
  const named = (user: User, prefix: string, key: string): Promise<string> => {
    const name = names.get(prefix + key) ?? hashOf(user.id, prefix + key).then((hash) => prefix + hash);
    names.set(prefix + key, name);
    return name;
  };

  /** Counts what is kept, for the summary: the records of all tabs, and what only the server has. */
  async function count(): Promise<void> {
    const here = owner;
    if (here === null) return;
    const records = await here.records.list();
    const saved = records
      .filter(({ name }) => name.startsWith(draftPrefix))
      .map(({ record }) => record.envelope.savedAt);
    const all = [...saved, ...drafts.elsewhere()];
    if (owner !== here) return;
    inventory.keep({
      kind: 'draft',
      label: 'draft',
      count: all.length,
      ...(all.length > 0 && { savedAt: Math.max(...all) }),
    });
    remembered.setOwn({
      session: view?.id ?? '',
      tab: here.tab,
      user: here.user,
      kept: inventory.list(),
    });
  }

  async function savePlace(): Promise<void> {
    cancelPlace?.();
    cancelPlace = null;
    const here = owner;
    if (here === null || !isRestored || isHidden) return;
    const captured = places.capture();
    const name = await named(here.user, placePrefix, here.tab);
    const savedAt = clock.now();
    const envelope = await vault.seal(name, captured, { savedAt, expiresAt: Math.max(expiresAt(), savedAt) });
    if (envelope === null) return;
    const there = await here.records.get(name);
    const revision = (there?.revision ?? 0) + 1;
    await here.records.put(
      name,
      { envelope, other: null, revision, base: null, synced: false },
      there?.revision ?? null,
    );
  }
  function follow(): void {
    stopFollowing = places.follow(() => {
      if (isRestored) cancelPlace ??= timer(() => void savePlace(), savePlaceAfter);
    });
  }
  async function flush(): Promise<void> {
    // The place first: it has to be read off the screen before anything on it changes.
    await Promise.all([savePlace(), drafts.flush()]);
    await count();
  }

  function leave(): void {
    stopFollowing();
    cancelPlace?.();
    cancelPlace = null;
    vault.drop();
    drafts.wipe();
    places.wipe();
    inventory.wipe();
    names.clear();
    owner?.records.close();
    owner = null;
    view = null;
    isRestored = false;
    isHidden = false;
  }

  return {
    drafts,
    places,
    inventory,
    isOpen: () => vault.isOpen(),
    async open({ user, session, ...keys }) {
      const own = remembered.own();
      const isSame = owner?.user.id === user.id;
      if (!isSame && (owner !== null || own?.user.id !== user.id)) leave();
      await vault.open(user.id, keys);
      view = session;
      const home = await homeOf(user.id);
      remembered.setShared({ session: session.id, home, leaving: false });
      if (!isSame) {
        const records = openRecords(home);
        const shelf = createShelf({ vault, records, server: serverCopies(fetch, timer), expiresAt });
        owner = { user, home, tab: own?.user.id === user.id ? own.tab : newId(), records, shelf };
        await purge(records, clock.now());
      }
      await count();
      return { user, view: session };
    },
    async restore() {
      const here = owner;
      if (here === null || !vault.isOpen()) return;
      const name = await named(here.user, placePrefix, here.tab);
      const record = await here.records.get(name);
      const place = record && (await vault.unseal(name, record.envelope));
      await drafts.restore({ shelf: here.shelf, nameOf: (key) => named(here.user, draftPrefix, key) });
      // Before anything is brought back, for letting go of the screen ends that too.
      stopFollowing();
      if (typeof place === 'string') places.bringBack(place);
      isRestored = true;
      isHidden = false;
      follow();
      await count();
    },
    flush,
    async hide() {
      const saved = flush();
      isHidden = true;
      stopFollowing();
      await saved;
    },
    show() {
      isHidden = false;
      follow();
    },
    async lock() {
      stopFollowing();
      await flush();
      isRestored = false;
      isHidden = false;
      vault.drop();
    },
    forget: () => drafts.forget(),
    recall(session) {
      const own = remembered.own();
      if (own?.session !== session) return null;
      for (const kept of own.kept) inventory.keep(kept);
      return own.user;
    },
    leave,
    async erase() {
      const shared = remembered.shared();
      const home = owner?.home ?? shared?.home;
      const records = owner?.records ?? (home ? openRecords(home) : null);
      // Who signed in while this tab was frozen keeps what is theirs.
      const next = view && shared?.session !== view.id ? shared : null;
      leave();
      remembered.setOwn(null);
      // What the server does not know yet has to outlive this tab.
      if (!next && !shared?.leaving) remembered.setShared(null);
      if (next?.home !== home) await records?.erase();
    },
  };
}
