import type { Records, StoredRecord } from './records.ts';
import type { SealedCopies } from './sealedCopies.ts';
import type { Envelope } from './vault.ts';

/** A record as this tab knows it. */
export type LocalRecord = Omit<StoredRecord, 'revision'> & {
  readonly revision: number | null;
  /** Whether this device has it; otherwise it is in memory only. */
  readonly kept: boolean;
  /** Whether it was read and cannot be opened: what follows is kept beside it. */
  readonly isUnread?: boolean;
};

/** What is kept beside the next copy of a draft: a copy that nobody can read now, unless the server has it, or the other one. */
export const besideNext = (here: LocalRecord | undefined): Envelope | null =>
  (here?.isUnread && !here.synced ? here.envelope : here?.other) ?? null;

/** The drafts on this device, and what this tab knows of them. */
export interface LocalDrafts {
  /** What this tab has read or written of each draft, by its name. */
  readonly known: Map<string, LocalRecord>;
  /** Reads a draft anew. @returns `null` when there is none. */
  readonly read: (name: string) => Promise<LocalRecord | null>;
  /** Writes a draft; when another tab wrote in between, that tab's copy becomes the other one. */
  readonly put: (name: string, next: Omit<LocalRecord, 'kept'>) => Promise<LocalRecord>;
  /**
   * Deletes the copy this tab knows; what another tab has gone on with since stays.
   *
   * @returns whether the server may have a copy of what was deleted; `false` when nothing was.
   */
  readonly delete: (name: string, wasSent: () => boolean) => Promise<boolean>;
}

/** @returns the drafts in these records; none is known yet. */
export function localDrafts(records: Records, copies: SealedCopies): LocalDrafts {
  const known = new Map<string, LocalRecord>();

  /** Whether another tab's copy has anything that this one has not. */
  async function adds(name: string, envelope: Envelope | null, another: Envelope): Promise<boolean> {
    const [mine, theirs] = await Promise.all([copies.open(name, envelope), copies.open(name, another)]);
    return theirs !== null && !mine?.value.includes(theirs.value);
  }

  return {
    known,
    async read(name) {
      const record = await records.get(name);
      if (!record) {
        known.delete(name);
        return null;
      }
      const here = { ...record, kept: true };
      known.set(name, here);
      return here;
    },
    async put(name, next) {
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
    },
    async delete(name, wasSent) {
      const here = known.get(name);
      known.delete(name);
      let { revision, base }: Partial<LocalRecord> = here ?? {};
      for (;;) {
        const written = await records.put(name, null, revision ?? null);
        if (written.outcome !== 'overtaken') return base !== null || wasSent();
        if (await adds(name, here?.envelope ?? null, written.record.envelope)) return false;
        ({ revision, base } = written.record);
      }
    },
  };
}
