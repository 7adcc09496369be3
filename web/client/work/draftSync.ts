import { besideNext, localDrafts } from './localDrafts.ts';
import type { Loaded, Saved, Saving, DraftSync, DraftSyncPorts } from './draftSync.types.ts';
import type { SyncContext } from './draftUpdate.ts';
import { sealedCopies } from './sealedCopies.ts';
import { createTurns } from './turns.ts';

async function loadHere({ local, copies }: SyncContext, name: string): Promise<Loaded> {
  const here = await local.read(name);
  if (!here) return { mine: null, other: null, synced: true, kept: true };
  const [mine, other] = await Promise.all([copies.open(name, here.envelope), copies.open(name, here.other)]);
  if (!mine) local.known.set(name, { ...here, isUnread: true });
  return { mine, other, synced: here.synced, kept: true };
}

async function save(
  { local, copies }: SyncContext,
  name: string,
  { isDecided = false, against, ...copy }: Saving,
): Promise<Saved> {
  const envelope = await copies.seal(name, copy);
  if (envelope === null) throw new Error('There is no key.');
  const here = local.known.get(name);
  const { base, revision } = here ?? { base: null, revision: null };
  const beside = against ? await copies.seal(name, against) : besideNext(here);
  const written = await local.put(name, { envelope, base, other: isDecided ? null : beside, revision, synced: false });
  return { kept: written.kept, other: await copies.open(name, written.other) };
}

/** @returns the drafts of these records and this server; nothing of them is loaded yet. */
export function createDraftSync({ vault, records, server, later, expiresAt }: DraftSyncPorts): DraftSync {
  const copies = sealedCopies(vault, expiresAt);
  const local = localDrafts(records, copies);
  const turns = createTurns();
  const context: SyncContext = { vault, copies, local, records, server, turns };
  const syncTurn = (name: string) => `${name} sync`;

  return {
    async load(name, early) {
      const asked = server.get(name);
      const loading = later.load().catch(() => null);
      early?.(await turns.take(name, () => loadHere(context, name)));
      const there = await asked;
      const loaded = await loading;
      return turns.take(name, async () => {
        const found = await (loaded ? loaded.reconcile(context, name, there) : loadHere(context, name));
        return { ...found, kept: local.known.get(name)?.kept ?? found.mine === null };
      });
    },
    save: (name, saving) => turns.take(name, () => save(context, name, saving)),
    // Two at once would meet their own copies on the server, and take them for another device's.
    sync: (name) =>
      turns.take(syncTurn(name), async () => {
        const { update } = await later.load();
        return update(context, name);
      }),
    delete: (name) =>
      turns.take(name, async () => {
        // Nothing waits for the network here, either; only what is sent there afterwards does.
        const mayBeThere = await local.delete(name, () => turns.has(syncTurn(name)));
        if (mayBeThere) void turns.take(syncTurn(name), () => server.delete(name));
      }),
  };
}
