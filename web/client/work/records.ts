import { promisifyRequest } from 'idb-keyval';
import type { Instant } from '../../../machines/index.ts';
import { isRecord } from '../http/wire.ts';
import { openDatabase } from './database.ts';
import { filePrefix, viewStatePrefix } from './prefixes.ts';
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

/** What comes after every file. */
const afterFiles = 'file/';

/** What became of a write: `refused` by the browser (quota, private window), or `overtaken` by another tab. */
export type Put =
  | { readonly outcome: 'kept' }
  | { readonly outcome: 'overtaken'; readonly record: StoredRecord }
  | { readonly outcome: 'refused' };

/** The records of one user on this device. Names are hashes, contents are envelopes. */
export interface Records {
  readonly get: (name: string) => Promise<StoredRecord | null>;
  /** Every record but those of files, which are large. */
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

const isEnvelope = (value: unknown): value is Envelope =>
  isRecord(value) &&
  typeof value['keyId'] === 'string' &&
  typeof value['savedAt'] === 'number' &&
  typeof value['expiresAt'] === 'number' &&
  value['iv'] instanceof Uint8Array &&
  value['ciphertext'] instanceof Uint8Array;

/** @returns a record that is whole, without a second copy that is not; `null` for anything else. */
export function recordIn(stored: unknown): StoredRecord | null {
  if (!isRecord(stored) || !isEnvelope(stored['envelope']) || typeof stored['revision'] !== 'number') return null;
  const { envelope, other, revision, base } = stored;
  return {
    envelope,
    other: isEnvelope(other) ? other : null,
    revision,
    base: typeof base === 'string' ? base : null,
    synced: stored['synced'] === true,
  };
}

/** Keeps records in IndexedDB. What the browser refuses is a value; nothing here throws. */
export const indexedRecords: OpenRecords = (home) => {
  const database = openDatabase(`curfew-${home}`, 'records');
  return {
    get: (name) =>
      database.attempt(
        'readonly',
        async (records) => recordIn(await promisifyRequest<unknown>(records.get(name))),
        null,
      ),
    list: () =>
      database.attempt(
        'readonly',
        async (records) => {
          const found = await Promise.all(
            [IDBKeyRange.upperBound(filePrefix, true), IDBKeyRange.lowerBound(afterFiles)].map((range) =>
              Promise.all([
                promisifyRequest(records.getAllKeys(range)),
                promisifyRequest<unknown[]>(records.getAll(range)),
              ]),
            ),
          );
          return found.flatMap(([names, all]) =>
            all.flatMap((stored, index) => {
              const [name, record] = [names[index], recordIn(stored)];
              return typeof name === 'string' && record ? [{ name, record }] : [];
            }),
          );
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
          const there = recordIn(await promisifyRequest<unknown>(records.get(name)));
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

/**
 * Deletes what has expired, and what is not whole. Files go with the forms they are of.
 *
 * @returns how many drafts and forms were not whole
 */
export async function purge(records: Records, now: Instant): Promise<number> {
  const whole = await records.list();
  for (const { name, record } of whole)
    if (record.envelope.expiresAt <= now) await records.put(name, null, record.revision);
  const names = new Set(whole.map(({ name }) => name));
  let broken = 0;
  for (const name of await records.names()) {
    if (names.has(name) || name.startsWith(filePrefix)) continue;
    if (!name.startsWith(viewStatePrefix)) broken += 1;
    await records.put(name, null, null);
  }
  return broken;
}
