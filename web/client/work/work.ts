import { onDemand } from '../device/onDemand.ts';
import { isVaultKeys, type Admission } from '../http/wire.ts';
import { createDrafts } from './drafts.ts';
import { createDraftSync } from './draftSync.ts';
import { formsOnDemand } from './formsOnDemand.ts';
import { createInventory } from './inventory.ts';
import { deleteWork } from './deleteWork.ts';
import { purge } from './records.ts';
import { createSavedDrafts } from './savedDrafts.ts';
import { cancelSave, followViewState, loadViewState, saveViewState } from './savedViewState.ts';
import { serverCopies } from './serverCopies.ts';
import { createVault, keyRing, type KeyRing } from './vault.ts';
import { createViewState } from './viewState.ts';
import { draftPrefix, formPrefix } from './prefixes.ts';
import { count, expiryOf, recordNames, type WorkContext, type WorkOwner } from './workContext.ts';
import type { SignedIn, Work, WorkPorts } from './work.types.ts';

const draftUpdate = onDemand(() => import('./draftUpdate.ts'));

function createContext(ports: WorkPorts): WorkContext {
  const { clock, timer, fetch, root, basePath } = ports;
  const vault = createVault(async () => {
    const response = await fetch(`${basePath}/auth/vault-key`, { activity: 'background' }).catch(() => null);
    const body: unknown = response?.ok === true ? await response.json().catch(() => null) : null;
    return isVaultKeys(body) ? body : null;
  });
  const drafts = createDrafts({
    clock,
    timer,
    kept(name, savedAt) {
      context.owner?.saved.note(name, savedAt);
      void count(context);
    },
  });
  const forms = formsOnDemand({
    clock,
    timer,
    document: root,
    newId: ports.newId,
    isDraft: drafts.has,
    counted: () => void count(context),
  });
  const context: WorkContext = {
    ...ports,
    vault,
    drafts,
    forms,
    inventory: createInventory(),
    viewState: createViewState(root, timer),
    names: recordNames(),
    owner: null,
    departures: 0,
    view: null,
    isRestored: false,
    isHidden: false,
    cancelSave: null,
    stopFollowing: () => {},
  };
  return context;
}

/** Takes everything of the owner out of memory. */
function clear(context: WorkContext): void {
  context.departures += 1;
  context.stopFollowing();
  cancelSave(context);
  context.vault.clear();
  context.drafts.clearAll();
  context.forms.clearAll();
  context.viewState.clear();
  context.inventory.clear();
  context.names.clear();
  context.owner?.records.close();
  context.owner = null;
  context.view = null;
  context.isRestored = false;
  context.isHidden = false;
  // Once nothing of a user is on this device, neither is the name.
  if (!context.persistedSession.shared()?.home) context.persistedSession.setOwn(null);
}

/** Makes a user the owner of this tab's work. */
async function takeOwner(context: WorkContext, { user, view }: SignedIn, ring: KeyRing): Promise<void> {
  const { vault, persistedSession, timer, fetch, clock, openRecords, basePath } = context;
  const { home } = ring;
  const own = persistedSession.own();
  const isSame = context.owner?.user.id === user.id;
  if (!isSame && (context.owner !== null || own?.user.id !== user.id)) clear(context);
  vault.open(ring);
  context.view = view;
  persistedSession.setShared({ session: view.id, home, leaving: null });
  if (isSame) return;
  const records = openRecords(home);
  const server = serverCopies({ fetch, timer, basePath });
  const owner: WorkOwner = {
    user,
    home,
    tab: own?.user.id === user.id ? own.tab : context.newId(),
    records,
    saved: createSavedDrafts(records, draftPrefix),
    draftSync: createDraftSync({ vault, records, server, later: draftUpdate, expiresAt: () => expiryOf(context) }),
    broken: 0,
  };
  context.owner = owner;
  owner.broken = await purge(records, clock.now());
}

async function flush(context: WorkContext): Promise<void> {
  // The view state first: it has to be read off the screen before anything on it changes.
  await Promise.all([saveViewState(context), context.drafts.flush(), context.forms.flush()]);
  await count(context);
}

function show(context: WorkContext): void {
  context.stopFollowing();
  context.isHidden = false;
  followViewState(context);
}

async function restore(context: WorkContext): Promise<void> {
  const { owner, vault, drafts, names, viewState } = context;
  if (owner === null || !vault.isOpen()) return;
  const captured = await loadViewState(context);
  if (context.owner !== owner) return;
  await drafts.restore({
    draftSync: owner.draftSync,
    nameOf: (key) => names.of(owner.user, draftPrefix, key),
  });
  if (context.owner !== owner) return;
  await context.forms.restore({
    vault,
    records: owner.records,
    nameOf: (key) => names.of(owner.user, formPrefix, key),
    broken: owner.broken,
    expiresAt: () => expiryOf(context),
    now: () => context.clock.now(),
  });
  owner.broken = 0;
  if (context.owner !== owner) return;
  // Before anything is brought back, for letting go of the screen ends that too.
  context.stopFollowing();
  if (captured !== null) viewState.bringBack(captured);
  context.isRestored = true;
  context.isHidden = false;
  followViewState(context);
  owner.saved.clear();
  await count(context);
}

/** @returns the work of a tab; it has no owner yet. */
export function createWork(ports: WorkPorts): Work {
  const context = createContext(ports);
  const { drafts, forms, viewState, inventory, vault, persistedSession } = context;

  return {
    drafts,
    forms,
    viewState,
    inventory,
    isOpen: () => vault.isOpen(),
    opening() {
      const { departures } = context;
      return async ({ user, session, ...keys }: Admission) => {
        const signedIn = { user, view: session };
        const ring = await keyRing(user.id, keys);
        if (departures !== context.departures) return signedIn;
        await takeOwner(context, signedIn, ring);
        await count(context);
        return signedIn;
      };
    },
    restore: () => restore(context),
    flush: () => flush(context),
    async keepAll() {
      await flush(context);
      return (await drafts.keepAll()) && forms.isAllKept();
    },
    async hide() {
      const saved = flush(context);
      context.isHidden = true;
      context.stopFollowing();
      await saved;
    },
    show: () => show(context),
    async lock() {
      context.stopFollowing();
      context.owner?.saved.clear();
      await flush(context);
      context.isRestored = false;
      context.isHidden = false;
      vault.clear();
    },
    clearSaved() {
      drafts.clearSaved();
      forms.clearSaved();
      vault.clear();
    },
    recall(session) {
      const own = persistedSession.own();
      if (own?.session !== session) return null;
      for (const kept of own.kept) inventory.keep(kept);
      return own.user;
    },
    clear: () => clear(context),
    delete: (session) => deleteWork(context, session, () => clear(context)),
  };
}
