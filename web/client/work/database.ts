import { promisifyRequest } from 'idb-keyval';

/** A database of one store. Nothing here throws: what the browser refuses has another outcome. */
export interface Database {
  /** Runs a transaction. @returns `otherwise` when the browser refuses, or when the database was closed. */
  readonly attempt: <Value>(
    mode: IDBTransactionMode,
    run: (store: IDBObjectStore) => Promise<Value>,
    otherwise: Value,
  ) => Promise<Value>;
  /** Closes the database for good: nothing is written any more, however late it comes. */
  readonly close: () => void;
  /** Closes and deletes the database. */
  readonly delete: () => Promise<void>;
}

/** @returns a database that is opened, and made where there is none, with the first transaction. */
export function openDatabase(name: string, store: string): Database {
  let opening: Promise<IDBDatabase> | null = null;
  let isClosed = false;

  const openAgain = () => {
    opening = null;
  };
  const close = () => {
    const closing = opening;
    isClosed = true;
    openAgain();
    closing?.then((database) => database.close(), openAgain);
  };
  const open = (): Promise<IDBDatabase> => {
    if (opening) return opening;
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(store);
    opening = promisifyRequest(request);
    opening.then((database) => {
      // Another tab deletes it.
      database.addEventListener('versionchange', close);
      database.addEventListener('close', openAgain);
    }, openAgain);
    return opening;
  };

  return {
    async attempt(mode, run, otherwise) {
      if (isClosed) return otherwise;
      try {
        const database = await open();
        return await run(database.transaction(store, mode).objectStore(store));
      } catch {
        return otherwise;
      }
    },
    close,
    async delete() {
      close();
      try {
        await promisifyRequest(indexedDB.deleteDatabase(name));
      } catch {
        // There is nothing to delete where nothing could be kept.
      }
    },
  };
}
