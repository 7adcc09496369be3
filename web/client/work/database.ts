import { promisifyRequest } from 'idb-keyval';
import { seconds } from '../../../machines/index.ts';
import { deviceTimer, type Timer } from '../device/timer.ts';

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

/** Browsers whose profile is damaged, or whose other tabs hang, never answer. */
const answersWithin = seconds(2);

/**
 * @param timer for when the browser does not answer at all: after 2 s it has refused, until it answers
 * @returns a database that is opened, and made where there is none, with the first transaction.
 */
export function openDatabase(name: string, store: string, timer: Timer = deviceTimer): Database {
  let isSilent = false;
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

  /** @throws when it does not answer */
  const answered = (opened: Promise<IDBDatabase>): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const cancel = timer(() => {
        isSilent = true;
        reject(new Error('The browser does not answer.'));
      }, answersWithin);
      opened.then(resolve, reject).finally(() => {
        cancel();
        isSilent = false;
      });
    });

  return {
    async attempt(mode, run, otherwise) {
      if (isClosed || isSilent) return otherwise;
      try {
        const database = await answered(open());
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
