import { promisifyRequest } from 'idb-keyval';
import type { Instant } from '../../../machines/index.ts';
import type { Envelope } from './vault.ts';

/** One record: this copy, and, where two differ and nobody has decided yet, the other. */
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

/** The records of one person on this device. Names are hashes, contents are envelopes. */
export interface Records {
  readonly get: (name: string) => Promise<StoredRecord | null>;
  readonly list: () => Promise<readonly { readonly name: string; readonly record: StoredRecord }[]>;
  /** What records there are; reads none of them. */
  readonly names: () => Promise<readonly string[]>;
  /**
   * Writes, or removes with `null`, where nobody else wrote since `seen`, the revision this tab knows (`null`: nothing was
   * there).
   */
  readonly put: (name: string, record: StoredRecord | null, seen: number | null) => Promise<Put>;
  /** Erases the whole database; it is closed then, in other tabs, too. */
  readonly erase: () => Promise<void>;
  /** Nothing is kept here from now on, however late it comes. */
  readonly close: () => void;
}

/** Opens the records at a home; see `homeOf`. */
export type OpenRecords = (home: string) => Records;

const databaseOf = (home: string) => `curfew-${home}`;

const store = 'records';

/** Keeps records in IndexedDB. What the browser refuses is a value; nothing here throws. */
export const indexedRecords: OpenRecords = (home) => {
  let opening: Promise<IDBDatabase> | null = null;
  let isClosed = false;

  const forget = () => {
    opening = null;
  };
  const close = () => {
    const closing = opening;
    isClosed = true;
    forget();
    closing?.then((database) => database.close(), forget);
  };
  const open = (): Promise<IDBDatabase> => {
    if (opening) return opening;
    const request = indexedDB.open(databaseOf(home), 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(store);
    opening = promisifyRequest(request);
    opening.then((database) => {
      // Another tab erases them.
      database.addEventListener('versionchange', close);
      database.addEventListener('close', forget);
    }, forget);
    return opening;
  };

  async function attempt<Value>(
    mode: IDBTransactionMode,
    run: (records: IDBObjectStore) => Promise<Value>,
    otherwise: Value,
  ): Promise<Value> {
    if (isClosed) return otherwise;
    try {
      const database = await open();
      return await run(database.transaction(store, mode).objectStore(store));
    } catch {
      return otherwise;
    }
  }

  return {
    get: (name) =>
      attempt(
        'readonly',
        async (records) => (await promisifyRequest<StoredRecord | undefined>(records.get(name))) ?? null,
        null,
      ),
    list: () =>
      attempt(
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
      attempt(
        'readonly',
        async (records) => (await promisifyRequest(records.getAllKeys())).filter((name) => typeof name === 'string'),
        [],
      ),
    put: (name, record, seen) =>
      attempt<Put>(
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
    async erase() {
      close();
      try {
        await promisifyRequest(indexedDB.deleteDatabase(databaseOf(home)));
      } catch {
        // There is nothing to erase where nothing could be kept.
      }
    },
    close,
  };
};

/** Erases what has expired. */
export async function purge(records: Records, now: Instant): Promise<void> {
  for (const { name, record } of await records.list())
    if (record.envelope.expiresAt <= now) await records.put(name, null, record.revision);
}
