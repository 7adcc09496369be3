import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Instant } from '../machines/index.ts';
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
  /** Writes where nobody else wrote since `seen`, the revision this tab knows (`null`: nothing was there). */
  readonly put: (name: string, record: StoredRecord, seen: number | null) => Promise<Put>;
  readonly remove: (name: string) => Promise<void>;
  /** Erases the whole database. */
  readonly erase: () => Promise<void>;
  readonly close: () => void;
}

/** Opens the records at a home; see `homeOf`. */
export type OpenRecords = (home: string) => Records;

interface Schema extends DBSchema {
  records: { key: string; value: StoredRecord };
}

const databaseOf = (home: string) => `curfew-${home}`;

/** Keeps records in IndexedDB. What the browser refuses is a value; nothing here throws. */
export const indexedRecords: OpenRecords = (home) => {
  let opening: Promise<IDBPDatabase<Schema>> | null = null;

  const close = () => {
    const closing = opening;
    opening = null;
    closing?.then((database) => database.close()).catch(() => {});
  };
  const open = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(databaseOf(home), 1, {
      upgrade: (database) => void database.createObjectStore('records'),
      // Another tab wants to erase them.
      blocking: close,
      terminated: () => {
        opening = null;
      },
    }).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  async function attempt<Value>(
    run: (database: IDBPDatabase<Schema>) => Promise<Value>,
    otherwise: Value,
  ): Promise<Value> {
    try {
      return await run(await open());
    } catch {
      return otherwise;
    }
  }

  return {
    get: (name) => attempt(async (database) => (await database.get('records', name)) ?? null, null),
    list: () =>
      attempt(async (database) => {
        const transaction = database.transaction('records');
        const [names, records] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
        return records.flatMap((record, index) => {
          const name = names[index];
          return name === undefined ? [] : [{ name, record }];
        });
      }, []),
    put: (name, record, seen) =>
      attempt<Put>(
        async (database) => {
          const transaction = database.transaction('records', 'readwrite');
          const there = await transaction.store.get(name);
          if (there && there.revision !== seen) {
            await transaction.done;
            return { outcome: 'overtaken', record: there };
          }
          await transaction.store.put(record, name);
          await transaction.done;
          return { outcome: 'kept' };
        },
        { outcome: 'refused' },
      ),
    remove: (name) => attempt((database) => database.delete('records', name), undefined),
    erase: async () => {
      close();
      try {
        await deleteDB(databaseOf(home));
      } catch {
        // There is nothing to erase where nothing could be kept.
      }
    },
    close,
  };
};

/** Erases what has expired. */
export async function purge(records: Records, now: Instant): Promise<void> {
  for (const { name, record } of await records.list()) if (record.envelope.expiresAt <= now) await records.remove(name);
}
