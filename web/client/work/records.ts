import { promisifyRequest } from 'idb-keyval';
import type { Instant } from '../../../machines/index.ts';
import { openDatabase } from './database.ts';
import type { Envelope } from './vault.ts';

/** One record: this copy, and, where two differ and the user has not decided yet, the other. */
export interface StoredRecord {
  readonly envelope: Envelope;
  readonly other: Envelope | null;
  /** Raised with every write, so that a tab sees that another one wrote in between. */
  readonly revision: number;
  /** The server's version this copy comes from, `null` when the server has none. */
  readonly base: string | null;
  /** Whether the server has exactly this copy. */
  readonly synced: boolean;
}

/** What became of a write: `refused` by the browser (quota, private window), or `overtaken` by another tab. */
export type Put =
  | { readonly outcome: 'kept' }
  | { readonly outcome: 'overtaken'; readonly record: StoredRecord }
  | { readonly outcome: 'refused' };

/** The records of one user on this device. Names are hashes, contents are envelopes. */
export interface Records {
  readonly get: (name: string) => Promise<StoredRecord | null>;
  readonly list: () => Promise<readonly { readonly name: string; readonly record: StoredRecord }[]>;
  /** What records there are; reads none of them. */
  readonly names: () => Promise<readonly string[]>;
  /**
   * Writes, or deletes with `null`, where no other tab wrote since `seen`, the revision this tab knows (`null`: nothing was
   * there).
   */
  readonly put: (name: string, record: StoredRecord | null, seen: number | null) => Promise<Put>;
  /** Deletes the whole database; it is closed then, in other tabs, too. */
  readonly delete: () => Promise<void>;
  /** Nothing is kept here from now on, however late it comes. */
  readonly close: () => void;
}

/** Opens the records at a home; see `homeOf`. */
export type OpenRecords = (home: string) => Records;

/** Keeps records in IndexedDB. What the browser refuses is a value; nothing here throws. */
export const indexedRecords: OpenRecords = (home) => {
  const database = openDatabase(`curfew-${home}`, 'records');
  return {
    get: (name) =>
      database.attempt(
        'readonly',
        async (records) => (await promisifyRequest<StoredRecord | undefined>(records.get(name))) ?? null,
        null,
      ),
    list: () =>
      database.attempt(
        'readonly',
        async (records) => {
          const [names, all] = await Promise.all([
            promisifyRequest(records.getAllKeys()),
            promisifyRequest<StoredRecord[]>(records.getAll()),
          ]);
          return all.flatMap((record, index) => {
            const name = names[index];
            return typeof name === 'string' ? [{ name, record }] : [];
          });
        },
        [],
      ),
    names: () =>
      database.attempt(
        'readonly',
        async (records) => (await promisifyRequest(records.getAllKeys())).filter((name) => typeof name === 'string'),
        [],
      ),
    put: (name, record, seen) =>
      database.attempt<Put>(
        'readwrite',
        async (records) => {
          const there = await promisifyRequest<StoredRecord | undefined>(records.get(name));
          if (there && there.revision !== seen) return { outcome: 'overtaken', record: there };
          if (record) records.put(record, name);
          else records.delete(name);
          await promisifyRequest(records.transaction);
          return { outcome: 'kept' };
        },
        { outcome: 'refused' },
      ),
    delete: database.delete,
    close: database.close,
  };
};

/** Deletes what has expired. */
export async function purge(records: Records, now: Instant): Promise<void> {
  for (const { name, record } of await records.list())
    if (record.envelope.expiresAt <= now) await records.put(name, null, record.revision);
}
