import { seconds, type Instant, type SessionView, type User } from '../../../machines/index.ts';
import { createDrafts } from './drafts.ts';
import { createInventory } from './inventory.ts';
import { createViewState } from './viewState.ts';
import { purge, type Records } from './records.ts';
import { createSavedDrafts, type SavedDrafts } from './savedDrafts.ts';
import { serverCopies } from './serverCopies.ts';
import { createShelf } from './draftSync.ts';
import type { DraftSync } from './draftSync.types.ts';
import { createVault, hashOf, keyRing, type Vault } from './vault.ts';
import { isVaultKeys } from '../http/wire.ts';
import type { Work, WorkPorts } from './work.types.ts';

interface Owner {
  readonly user: User;
  readonly home: string;
  readonly tab: string;
  readonly records: Records;
  readonly saved: SavedDrafts;
  readonly shelf: DraftSync;
}

const draftPrefix = 'draft.';
const placePrefix = 'place.';
const savePlaceAfter = 500;
const eraseWithin = seconds(2);

/** Nobody's work yet. */
export function createWork({ clock, timer, remembered, openRecords, root, fetch, newId }: WorkPorts): Work {
  const vault: Vault = createVault(async () => {
    const response = await fetch('/api/auth/vault-key', { activity: 'background' }).catch(() => null);
    const body: unknown = response?.ok === true ? await response.json().catch(() => null) : null;
    return isVaultKeys(body) ? body : null;
  });
  const inventory = createInventory();
  const places = createViewState(root, timer);
  const drafts = createDrafts({
    clock,
    timer,
    kept(name, savedAt) {
      owner?.saved.note(name, savedAt);
      void count();
    },
  });
  let owner: Owner | null = null;
  let departures = 0;
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
    const all = [...(await here.saved.list()), ...drafts.elsewhere()];
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
    departures += 1;
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
    // Their name goes with the last of what is here.
    if (!remembered.shared()?.home) remembered.setOwn(null);
  }

  return {
    drafts,
    places,
    inventory,
    isOpen: () => vault.isOpen(),
    opening() {
      const since = departures;
      return async ({ user, session, ...keys }) => {
        const signedIn = { user, view: session };
        const ring = await keyRing(user.id, keys);
        if (since !== departures) return signedIn;
        const { home } = ring;
        const own = remembered.own();
        const isSame = owner?.user.id === user.id;
        if (!isSame && (owner !== null || own?.user.id !== user.id)) leave();
        vault.open(ring);
        view = session;
        remembered.setShared({ session: session.id, home, leaving: null });
        if (!isSame) {
          const records = openRecords(home);
          const shelf = createShelf({ vault, records, server: serverCopies(fetch, timer), expiresAt });
          const saved = createSavedDrafts(records, draftPrefix);
          owner = { user, home, tab: own?.user.id === user.id ? own.tab : newId(), records, saved, shelf };
          await purge(records, clock.now());
        }
        await count();
        return signedIn;
      };
    },
    async restore() {
      const here = owner;
      if (here === null || !vault.isOpen()) return;
      const name = await named(here.user, placePrefix, here.tab);
      const record = await here.records.get(name);
      const place = record && (await vault.unseal(name, record.envelope));
      if (owner !== here) return;
      await drafts.restore({ shelf: here.shelf, nameOf: (key) => named(here.user, draftPrefix, key) });
      if (owner !== here) return;
      // Before anything is brought back, for letting go of the screen ends that too.
      stopFollowing();
      if (typeof place === 'string') places.bringBack(place);
      isRestored = true;
      isHidden = false;
      follow();
      here.saved.forget();
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
      stopFollowing();
      isHidden = false;
      follow();
    },
    async lock() {
      stopFollowing();
      owner?.saved.forget();
      await flush();
      isRestored = false;
      isHidden = false;
      vault.drop();
    },
    forget() {
      drafts.forget();
      vault.drop();
    },
    recall(session) {
      const own = remembered.own();
      if (own?.session !== session) return null;
      for (const kept of own.kept) inventory.keep(kept);
      return own.user;
    },
    leave,
    async erase(session) {
      const shared = remembered.shared();
      const home = owner?.home ?? shared?.home;
      const records = owner?.records ?? (home ? openRecords(home) : null);
      const next = shared?.session === session ? null : shared;
      leave();
      remembered.setOwn(null);
      // What the server does not know yet has to outlive this tab.
      if (!next && !shared?.leaving) remembered.setShared(null);
      if (next?.home === home) return;
      // Where another tab hangs the erasing goes on by itself.
      await Promise.race([records?.erase(), new Promise<void>((resolve) => void timer(resolve, eraseWithin))]);
    },
  };
}
