import type { Instant } from '../machines/index.ts';
import type { DraftCopy } from './draft.types.ts';
import { pack, unpack } from './packed.ts';
import type { Records, StoredRecord } from './records.ts';
import type { ServerCopies } from './serverCopies.ts';
import type { Envelope, Vault } from './vault.ts';

/** What a load found: this copy, and another one that differs and has not been decided about. */
export interface Loaded {
  readonly mine: DraftCopy | null;
  readonly other: DraftCopy | null;
  /** Whether this copy still has to reach the server. */
  readonly synced: boolean;
}

/** What became of a save on this device. */
export interface Saved {
  readonly kept: boolean;
  readonly other: DraftCopy | null;
}

/** What became of a save on the server. */
export type Synced =
  { readonly outcome: 'synced' | 'failed' } | { readonly outcome: 'differs'; readonly other: DraftCopy };

/** What the shelf is made of. */
export interface ShelfParts {
  readonly vault: Vault;
  readonly records: Records;
  readonly server: ServerCopies;
  /** Until when what is saved now is kept. */
  readonly expiresAt: () => Instant;
}

/** Both copies of each draft, here and on the server. When two differ, neither is dropped until somebody decides. */
export interface Shelf {
  readonly load: (name: string) => Promise<Loaded>;
  /** @param decided forgets the other copy: the person chose this one. */
  readonly save: (name: string, copy: DraftCopy, decided?: boolean) => Promise<Saved>;
  readonly sync: (name: string) => Promise<Synced>;
  readonly remove: (name: string) => Promise<void>;
}

type Known = Omit<StoredRecord, 'revision'> & { readonly revision: number | null; readonly kept: boolean };

/** A shelf with nothing taken from it yet. */
export function createShelf({ vault, records, server, expiresAt }: ShelfParts): Shelf {
  const known = new Map<string, Known>();
  const running = new Map<string, Promise<unknown>>();

  /** One thing at a time for each draft: a save must not overtake the one before. */
  function inTurn<Value>(name: string, run: () => Promise<Value>): Promise<Value> {
    const turn = (running.get(name) ?? Promise.resolve()).then(run);
    running.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }

  async function opened(name: string, envelope: Envelope | null): Promise<DraftCopy | null> {
    const value = envelope && (await vault.unseal(name, envelope));
    return envelope && typeof value === 'string' ? { value, savedAt: envelope.savedAt } : null;
  }
  const sealed = (name: string, { value, savedAt }: DraftCopy) =>
    vault.seal(name, value, { savedAt, expiresAt: Math.max(expiresAt(), savedAt) });

  /** Writes what is to be known; when another tab wrote in between, its copy becomes the other one. */
  async function put(name: string, next: Known): Promise<Known> {
    const { kept: _, revision, ...rest } = next;
    const written = await records.put(name, { ...rest, revision: (revision ?? 0) + 1 }, revision);
    if (written.outcome === 'overtaken') {
      const [ours, theirs] = await Promise.all([opened(name, next.envelope), opened(name, written.record.envelope)]);
      const differs = theirs !== null && ours !== null && theirs.value !== ours.value;
      const { revision: newest, base, other } = written.record;
      return putAgain(name, { ...next, revision: newest, base, other: differs ? written.record.envelope : other });
    }
    const now: Known =
      written.outcome === 'kept' ? { ...next, revision: (revision ?? 0) + 1, kept: true } : { ...next, kept: false };
    known.set(name, now);
    return now;
  }
  const putAgain = (name: string, next: Known): Promise<Known> => put(name, next);

  async function differing(
    name: string,
    text: string,
    savedAt: Instant,
    base: string | null,
  ): Promise<DraftCopy | null> {
    const here = known.get(name);
    const packed = unpack(text);
    const value = packed && (await vault.unseal(name, packed));
    if (!here || typeof value !== 'string') return null;
    const mine = await opened(name, here.envelope);
    if (mine?.value === value) {
      await put(name, { ...here, base, other: null, synced: true });
      return null;
    }
    const other = { value, savedAt };
    await put(name, { ...here, base, other: await sealed(name, other) });
    return other;
  }

  async function load(name: string): Promise<Loaded> {
    const [record, there] = await Promise.all([records.get(name), server.get(name)]);
    const mine = await opened(name, record?.envelope ?? null);
    const nothing = { mine: null, other: null, synced: true };
    if (record) known.set(name, { ...record, kept: true });
    else known.delete(name);

    if (record && mine) {
      const other = await opened(name, record.other);
      const isSame =
        there.outcome === 'found' ? there.version === record.base : there.outcome === 'failed' || !record.synced;
      if (isSame || other) return { mine, other, synced: record.synced };
      if (there.outcome === 'found' && !record.synced) {
        const theirs = await differing(name, there.draft.ciphertext, there.draft.savedAt, there.version);
        return { mine, other: theirs, synced: known.get(name)?.synced === true };
      }
      if (there.outcome === 'none') {
        // It had reached the server and is gone there: it was sent, or deleted, on another device.
        await records.remove(name);
        known.delete(name);
        return nothing;
      }
    }
    if (there.outcome !== 'found') return nothing;
    const packed = unpack(there.draft.ciphertext);
    const value = packed && (await vault.unseal(name, packed));
    if (typeof value !== 'string') return nothing;
    const theirs = { value, savedAt: there.draft.savedAt };
    const envelope = await sealed(name, theirs);
    const revision = record?.revision ?? null;
    if (envelope) await put(name, { envelope, other: null, revision, base: there.version, synced: true, kept: false });
    return { mine: theirs, other: null, synced: true };
  }

  async function save(name: string, copy: DraftCopy, decided = false): Promise<Saved> {
    const envelope = await sealed(name, copy);
    const { base, other, revision } = known.get(name) ?? { base: null, other: null, revision: null };
    if (envelope === null) return { kept: false, other: null };
    const written = await put(name, {
      envelope,
      base,
      other: decided ? null : other,
      revision,
      synced: false,
      kept: false,
    });
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
      if (there.outcome === 'found') {
        const other = await differing(name, there.draft.ciphertext, there.draft.savedAt, there.version);
        if (other) return { outcome: 'differs', other };
      }
    }
    const { envelope, base } = known.get(name) ?? here;
    const answer = await server.put(
      name,
      { ciphertext: pack(envelope), savedAt: envelope.savedAt, expiresAt: envelope.expiresAt },
      base,
    );
    if (answer.outcome === 'failed') return answer;
    const now = known.get(name) ?? here;
    if (answer.outcome === 'kept') {
      await put(name, { ...now, base: answer.version, synced: true });
      return { outcome: 'synced' };
    }
    if (answer.draft === null) {
      known.set(name, { ...now, base: null });
      return isRetry ? { outcome: 'failed' } : sync(name, true);
    }
    const other = await differing(name, answer.draft.ciphertext, answer.draft.savedAt, answer.version);
    return other ? { outcome: 'differs', other } : { outcome: 'synced' };
  }

  return {
    load: (name) => inTurn(name, () => load(name)),
    save: (name, copy, decided) => inTurn(name, () => save(name, copy, decided)),
    sync: (name) => inTurn(name, () => sync(name)),
    remove: (name) =>
      inTurn(name, async () => {
        const base = known.get(name)?.base;
        known.delete(name);
        await Promise.all([records.remove(name), base === null ? undefined : server.remove(name)]);
      }),
  };
}
