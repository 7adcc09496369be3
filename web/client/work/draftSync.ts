import { localDrafts } from './localDrafts.ts';
import { encodeEnvelope } from './envelopeCodec.ts';
import type { Loaded, Saved, Saving, DraftSync, DraftSyncPorts, Synced } from './draftSync.types.ts';
import { differing, nothing, reconcile, type ReconcilePorts } from './reconcile.ts';
import { sealedCopies } from './sealedCopies.ts';
import type { ServerCopies } from './serverCopies.ts';
import { createTurns, type Turns } from './turns.ts';

interface SyncContext extends ReconcilePorts {
  readonly server: ServerCopies;
  /** One thing at a time for each draft; never waits for the network, so that a stalled server delays no save here. */
  readonly turns: Turns;
}

async function loadHere({ local, copies }: SyncContext, name: string): Promise<Loaded> {
  const here = await local.read(name);
  if (!here) return { ...nothing, kept: true };
  const [mine, other] = await Promise.all([copies.open(name, here.envelope), copies.open(name, here.other)]);
  return { mine, other, synced: here.synced, kept: true };
}

async function save(
  { local, copies }: SyncContext,
  name: string,
  { isDecided = false, against, ...copy }: Saving,
): Promise<Saved> {
  const envelope = await copies.seal(name, copy);
  if (envelope === null) throw new Error('There is no key.');
  const { base, other, revision } = local.known.get(name) ?? { base: null, other: null, revision: null };
  const beside = against ? await copies.seal(name, against) : other;
  const written = await local.put(name, { envelope, base, other: isDecided ? null : beside, revision, synced: false });
  return { kept: written.kept, other: await copies.open(name, written.other) };
}

async function sync(context: SyncContext, name: string, isRetry = false): Promise<Synced> {
  const { local, copies, server, turns } = context;
  const { known } = local;
  const here = known.get(name);
  if (!here || here.synced) return { outcome: 'synced' };
  const undecided = await copies.open(name, here.other);
  if (undecided) return { outcome: 'differs', other: undecided };
  if (here.base === null && !isRetry) {
    const there = await server.get(name);
    if (there.outcome === 'failed') return { outcome: 'failed' };
    const other =
      there.outcome === 'found' && (await turns.take(name, () => differing(context, name, there.draft, there.version)));
    if (other) return { outcome: 'differs', other };
  }
  const { envelope, base } = known.get(name) ?? here;
  const { savedAt, expiresAt } = envelope;
  const answer = await server.put(name, { ciphertext: encodeEnvelope(envelope), savedAt, expiresAt }, base);
  if (answer.outcome === 'failed') return answer;
  if (answer.outcome === 'kept') {
    await turns.take(name, async () => {
      const now = known.get(name);
      if (now) await local.put(name, { ...now, base: answer.version, synced: now.envelope === envelope });
    });
    return { outcome: 'synced' };
  }
  const again = (): Promise<Synced> | Synced => (isRetry ? { outcome: 'failed' } : sync(context, name, true));
  if (answer.draft === null) {
    known.set(name, { ...(known.get(name) ?? here), base: null });
    return again();
  }
  const { draft, version } = answer;
  const other = await turns.take(name, () => differing(context, name, draft, version));
  if (other) return { outcome: 'differs', other };
  return known.get(name)?.synced === false ? again() : { outcome: 'synced' };
}

/** @returns the drafts of these records and this server; nothing of them is loaded yet. */
export function createDraftSync({ vault, records, server, expiresAt }: DraftSyncPorts): DraftSync {
  const copies = sealedCopies(vault, expiresAt);
  const local = localDrafts(records, copies);
  const turns = createTurns();
  const context: SyncContext = { copies, local, records, server, turns };
  const syncTurn = (name: string) => `${name} sync`;

  return {
    async load(name, early) {
      const asked = server.get(name);
      early?.(await turns.take(name, () => loadHere(context, name)));
      const there = await asked;
      return turns.take(name, async () => {
        const found = await reconcile(context, name, there);
        return { ...found, kept: local.known.get(name)?.kept ?? found.mine === null };
      });
    },
    save: (name, saving) => turns.take(name, () => save(context, name, saving)),
    // Two at once would meet their own copies on the server, and take them for another device's.
    sync: (name) => turns.take(syncTurn(name), () => sync(context, name)),
    delete: (name) =>
      turns.take(name, async () => {
        // Nothing waits for the network here, either; only what is sent there afterwards does.
        const mayBeThere = await local.delete(name, () => turns.has(syncTurn(name)));
        if (mayBeThere) void turns.take(syncTurn(name), () => server.delete(name));
      }),
  };
}
