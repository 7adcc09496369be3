import type { ServerDraft } from '../http/wire.ts';
import type { DraftCopy } from './draft.types.ts';
import type { Loaded } from './draftSync.types.ts';
import { besideNext, type LocalDrafts, type LocalRecord } from './localDrafts.ts';
import { decodeEnvelope } from './envelopeCodec.ts';
import { merge } from './merge.ts';
import type { Records } from './records.ts';
import type { SealedCopies } from './sealedCopies.ts';
import type { Found } from './serverCopies.ts';
import type { Vault } from './vault.ts';

/** What two copies of one draft are compared with. */
export interface ReconcilePorts {
  readonly vault: Vault;
  readonly copies: SealedCopies;
  readonly local: LocalDrafts;
  readonly records: Records;
}

type LocalDraft = Omit<Loaded, 'kept'>;
type FoundDraft = Found & { readonly outcome: 'found' };

/** What is loaded where there is no draft. */
const nothing: LocalDraft = { mine: null, other: null, synced: true };

/** @returns the server's copy, `null` when it cannot be read. */
async function openServer(
  { vault }: ReconcilePorts,
  name: string,
  { ciphertext, savedAt }: ServerDraft,
): Promise<DraftCopy | null> {
  const envelope = decodeEnvelope(ciphertext);
  const value = envelope && (await vault.unseal(name, envelope));
  return typeof value === 'string' ? { value, savedAt } : null;
}

/**
 * Compares this tab's copy with one on the server that it does not come from, and keeps that one beside it where it has
 * something of its own.
 *
 * @returns the copy the user has to decide about, `null` when there is none.
 */
export async function differing(
  ports: ReconcilePorts,
  name: string,
  draft: ServerDraft,
  base: string,
): Promise<DraftCopy | null> {
  const { copies, local } = ports;
  const here = local.known.get(name);
  const theirs = await openServer(ports, name, draft);
  const mine = await copies.open(name, here?.envelope ?? null);
  if (!here || !theirs || !mine) return null;
  const synced = mine.value === theirs.value;
  const { newer, older } = merge(mine, theirs);
  const isSettled = synced || (newer === mine && older === null);
  await local.put(name, { ...here, base, other: isSettled ? null : await copies.seal(name, theirs), synced });
  return isSettled ? null : theirs;
}

/** Takes the server's newer copy, and keeps beside it what it does not contain. @returns `null` when it is not newer. */
async function takeNewer(
  ports: ReconcilePorts,
  name: string,
  { draft, version }: FoundDraft,
): Promise<LocalDraft | null> {
  const { copies, local } = ports;
  const here = local.known.get(name);
  const [mine, theirs] = await Promise.all([copies.open(name, here?.envelope ?? null), openServer(ports, name, draft)]);
  if (!here || !mine || !theirs) return null;
  const { newer, older } = merge(mine, theirs);
  const envelope = await copies.seal(name, theirs);
  if (newer !== theirs || envelope === null) return null;
  await local.put(name, { ...here, envelope, base: version, other: older && here.envelope, synced: true });
  return { mine: newer, other: older, synced: true };
}

/** What follows for a copy that is here. */
async function compare(
  ports: ReconcilePorts,
  name: string,
  there: Found,
  { here, mine }: { readonly here: LocalRecord; readonly mine: DraftCopy },
): Promise<LocalDraft> {
  const { copies, local, records } = ports;
  const { synced, base } = here;
  const other = await copies.open(name, here.other);
  if (other || there.outcome === 'failed') return { mine, other, synced };
  if (there.outcome === 'found' && there.version === base) return { mine, other, synced };
  if (there.outcome === 'found' && !synced) {
    const newer = await takeNewer(ports, name, there);
    if (newer) return newer;
    const theirs = await differing(ports, name, there.draft, there.version);
    return { mine, other: theirs, synced: local.known.get(name)?.synced === true };
  }
  if (there.outcome === 'found') return takeServers(ports, name, there, here.revision);
  if (!synced) return { mine, other, synced };
  // It had reached the server and is gone there: it was sent, or deleted, on another device.
  await records.put(name, null, here.revision);
  local.known.delete(name);
  return nothing;
}

/** Takes the server's copy, and keeps it on this device. */
async function takeServers(
  ports: ReconcilePorts,
  name: string,
  { draft, version }: FoundDraft,
  revision: number | null,
): Promise<LocalDraft> {
  const { copies, local } = ports;
  const theirs = await openServer(ports, name, draft);
  if (!theirs) return nothing;
  const envelope = await copies.seal(name, theirs);
  const other = besideNext(local.known.get(name));
  if (envelope) await local.put(name, { envelope, other, revision, base: version, synced: true });
  return { mine: theirs, other: null, synced: true };
}

/** What a load shows, given what the server has and what has been saved here meanwhile. */
export async function reconcile(ports: ReconcilePorts, name: string, there: Found): Promise<LocalDraft> {
  const here = ports.local.known.get(name);
  const mine = await ports.copies.open(name, here?.envelope ?? null);
  if (here && mine) return compare(ports, name, there, { here, mine });
  return there.outcome === 'found' ? takeServers(ports, name, there, here?.revision ?? null) : nothing;
}
