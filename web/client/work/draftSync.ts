import { merge } from './copies.ts';
import type { DraftCopy } from './draft.types.ts';
import { encodeEnvelope, decodeEnvelope } from './envelopeCodec.ts';
import type { StoredRecord } from './records.ts';
import type { Found } from './serverCopies.ts';
import type { Loaded, Saved, Saving, DraftSync, DraftSyncPorts, Synced } from './draftSync.types.ts';
import type { Envelope } from './vault.ts';
import type { ServerDraft } from '../http/wire.ts';

type LocalRecord = Omit<StoredRecord, 'revision'> & { readonly revision: number | null; readonly kept: boolean };

type LocalDraft = Omit<Loaded, 'kept'>;

const nothing: LocalDraft = { mine: null, other: null, synced: true };

/** A shelf with nothing taken from it yet. */
export function createShelf({ vault, records, server, expiresAt }: DraftSyncPorts): DraftSync {
  const known = new Map<string, LocalRecord>();
  const running = new Map<string, Promise<unknown>>();

  /** One thing at a time for each draft; never waits for the network, so that a stalled server delays no save here. */
  const inTurn = <Value>(name: string, run: () => Promise<Value>): Promise<Value> => {
    const turn = (running.get(name) ?? Promise.resolve()).then(run);
    running.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  };

  async function opened(name: string, envelope: Envelope | null): Promise<DraftCopy | null> {
    const value = envelope && (await vault.unseal(name, envelope));
    return envelope && typeof value === 'string' ? { value, savedAt: envelope.savedAt } : null;
  }
  async function openedFrom(name: string, { ciphertext, savedAt }: ServerDraft): Promise<DraftCopy | null> {
    const packed = decodeEnvelope(ciphertext);
    const value = packed && (await vault.unseal(name, packed));
    return typeof value === 'string' ? { value, savedAt } : null;
  }
  const sealed = (name: string, { value, savedAt }: DraftCopy) =>
    vault.seal(name, value, { savedAt, expiresAt: Math.max(expiresAt(), savedAt) });

  /** Whether another tab's copy has anything that this one has not. */
  async function adds(name: string, envelope: Envelope | null, another: Envelope): Promise<boolean> {
    const [mine, theirs] = await Promise.all([opened(name, envelope), opened(name, another)]);
    return theirs !== null && !mine?.value.includes(theirs.value);
  }

  /** Removes what is known; what another tab has gone on with since stays. @returns whether the server may have it, too. */
  async function erase(name: string, here: LocalRecord | undefined): Promise<boolean> {
    let { revision, base }: Partial<LocalRecord> = here ?? {};
    for (;;) {
      const written = await records.put(name, null, revision ?? null);
      if (written.outcome !== 'overtaken') return base !== null || running.has(`${name} sync`);
      if (await adds(name, here?.envelope ?? null, written.record.envelope)) return false;
      ({ revision, base } = written.record);
    }
  }

  /** Writes what is to be known; when another tab wrote in between, its copy becomes the other one. */
  async function put(name: string, next: Omit<LocalRecord, 'kept'>): Promise<LocalRecord> {
    for (let { revision, base, other } = next; ;) {
      const { envelope, synced } = next;
      const record = { envelope, synced, base, other, revision: (revision ?? 0) + 1 };
      const written = await records.put(name, record, revision);
      if (written.outcome !== 'overtaken') {
        const kept = written.outcome === 'kept';
        const now = { ...record, revision: kept ? record.revision : revision, kept };
        known.set(name, now);
        return now;
      }
      const isKept = await adds(name, envelope, written.record.envelope);
      ({ revision, base } = written.record);
      other = isKept ? written.record.envelope : written.record.other;
    }
  }

  /** The server has a copy this one does not come from: nothing that is not in here, too, or one to be decided about. */
  async function differing(name: string, draft: ServerDraft, base: string): Promise<DraftCopy | null> {
    const here = known.get(name);
    const theirs = await openedFrom(name, draft);
    const mine = await opened(name, here?.envelope ?? null);
    if (!here || !theirs || !mine) return null;
    const synced = mine.value === theirs.value;
    const { newer, older } = merge(mine, theirs);
    const isSettled = synced || (newer === mine && older === null);
    await put(name, { ...here, base, other: isSettled ? null : await sealed(name, theirs), synced });
    return isSettled ? null : theirs;
  }

  /** Takes the server's newer copy, and keeps beside it what it does not contain. */
  async function overtake(name: string, { draft, version }: Found & { outcome: 'found' }): Promise<LocalDraft | null> {
    const here = known.get(name);
    const [mine, theirs] = await Promise.all([opened(name, here?.envelope ?? null), openedFrom(name, draft)]);
    if (!here || !mine || !theirs) return null;
    const { newer, older } = merge(mine, theirs);
    const envelope = await sealed(name, theirs);
    if (newer !== theirs || envelope === null) return null;
    await put(name, { ...here, envelope, base: version, other: older && here.envelope, synced: true });
    return { mine: newer, other: older, synced: true };
  }

  async function loadHere(name: string): Promise<Loaded> {
    const record = await records.get(name);
    if (!record) {
      known.delete(name);
      return { ...nothing, kept: true };
    }
    known.set(name, { ...record, kept: true });
    const [mine, other] = await Promise.all([opened(name, record.envelope), opened(name, record.other)]);
    return { mine, other, synced: record.synced, kept: true };
  }

  /** What follows from what the server has, with what has been saved here meanwhile. */
  async function reconcile(name: string, there: Found): Promise<LocalDraft> {
    const here = known.get(name);
    const mine = await opened(name, here?.envelope ?? null);
    if (here && mine) {
      const { synced, base } = here;
      const other = await opened(name, here.other);
      if (other || there.outcome === 'failed') return { mine, other, synced };
      if (there.outcome === 'found' && there.version === base) return { mine, other, synced };
      if (there.outcome === 'found' && !synced) {
        const newer = await overtake(name, there);
        if (newer) return newer;
        const theirs = await differing(name, there.draft, there.version);
        return { mine, other: theirs, synced: known.get(name)?.synced === true };
      }
      if (there.outcome === 'none' && !synced) return { mine, other, synced };
      if (there.outcome === 'none') {
        // It had reached the server and is gone there: it was sent, or deleted, on another device.
        await records.put(name, null, here.revision);
        known.delete(name);
        return nothing;
      }
    }
    const theirs = there.outcome === 'found' ? await openedFrom(name, there.draft) : null;
    if (there.outcome !== 'found' || !theirs) return nothing;
    const envelope = await sealed(name, theirs);
    const revision = here?.revision ?? null;
    if (envelope) await put(name, { envelope, other: null, revision, base: there.version, synced: true });
    return { mine: theirs, other: null, synced: true };
  }

  async function save(name: string, { isDecided = false, against, ...copy }: Saving): Promise<Saved> {
    const envelope = await sealed(name, copy);
    if (envelope === null) throw new Error('There is no key.');
    const { base, other, revision } = known.get(name) ?? { base: null, other: null, revision: null };
    const beside = against ? await sealed(name, against) : other;
    const written = await put(name, { envelope, base, other: isDecided ? null : beside, revision, synced: false });
    return { kept: written.kept, other: await opened(name, written.other) };
  }

  async function sync(name: string, isRetry = false): Promise<Synced> {
    const here = known.get(name);
    if (!here || here.synced) return { outcome: 'synced' };
    const undecided = await opened(name, here.other);
    if (undecided) return { outcome: 'differs', other: undecided };
    if (here.base === null && !isRetry) {
      const there = await server.get(name);
      if (there.outcome === 'failed') return { outcome: 'failed' };
      const other =
        there.outcome === 'found' && (await inTurn(name, () => differing(name, there.draft, there.version)));
      if (other) return { outcome: 'differs', other };
    }
    const { envelope, base } = known.get(name) ?? here;
    const { savedAt, expiresAt: until } = envelope;
    const answer = await server.put(name, { ciphertext: encodeEnvelope(envelope), savedAt, expiresAt: until }, base);
    if (answer.outcome === 'failed') return answer;
    if (answer.outcome === 'kept') {
      await inTurn(name, async () => {
        const now = known.get(name);
        if (now) await put(name, { ...now, base: answer.version, synced: now.envelope === envelope });
      });
      return { outcome: 'synced' };
    }
    if (answer.draft === null) {
      known.set(name, { ...(known.get(name) ?? here), base: null });
      return isRetry ? { outcome: 'failed' } : sync(name, true);
    }
    const { draft, version } = answer;
    const other = await inTurn(name, () => differing(name, draft, version));
    if (other) return { outcome: 'differs', other };
    if (known.get(name)?.synced === false) return isRetry ? { outcome: 'failed' } : sync(name, true);
    return { outcome: 'synced' };
  }

  return {
    async load(name, early) {
      const asked = server.get(name);
      early?.(await inTurn(name, () => loadHere(name)));
      const there = await asked;
      return inTurn(name, async () => {
        const found = await reconcile(name, there);
        return { ...found, kept: known.get(name)?.kept ?? found.mine === null };
      });
    },
    save: (name, saving) => inTurn(name, () => save(name, saving)),
    // Two at once would meet their own copies on the server, and take them for somebody else's.
    sync: (name) => inTurn(`${name} sync`, () => sync(name)),
    remove: (name) =>
      inTurn(name, async () => {
        const here = known.get(name);
        known.delete(name);
        // Whoever cleared it does not wait for the network either; only what is sent there afterwards does.
        if (await erase(name, here)) void inTurn(`${name} sync`, () => server.remove(name));
      }),
  };
}
