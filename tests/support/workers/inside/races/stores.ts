// In place of server/stores.ts inside of workerd: everything is in the storage of one object.
import { sqliteAppStore } from '../../../../../server/app/store/sqlite.ts';
import { sqliteStores } from '../../../../../server/sqlite/stores.ts';
import { sqliteUsers } from '../../../../../server/sqlite/users.ts';
import type { CopyRules } from '../../../../../server/store/copies.ts';
import type { OpenStore } from '../../../../../server/store/adapter.ts';
import { databaseOf } from '../../../../../server/workers/database.ts';
import { migrate } from '../../../../../server/workers/migrate.ts';
import { memorySessions } from '../../../memory/eventLog.ts';
import type { Store, StoreKind } from '../../../server/stores.ts';
import { presentStorage } from '../storage.ts';
import { partsOn } from './parts.ts';

/** One of several worlds on the same storage; in memory only sessions are kept in memory, the rest in the storage. */
export async function newStore(kind: StoreKind): Promise<Store> {
  const storage = presentStorage();
  migrate(storage);
  const database = databaseOf(storage);
  const sessions = kind === 'memory' ? memorySessions() : null;
  return {
    address: '',
    rows: async (table) => database.prepare(`select * from ${table}`).all(),
    changes: () => 0,
    async node(options) {
      const stores = sqliteStores(database);
      const made: OpenStore = { ...stores, whyNotReady: async () => null, close: async () => {} };
      const watch: CopyRules['watch'] = (listener) => {
        sessions?.log.subscribe(listener.session, listener.all);
        made.copies?.watch(listener);
      };
      const inMemory = sessions && {
        log: { ...sessions.log },
        overview: sessions.overview,
        copies: { mark: () => 0, watch },
      };
      const parts = await partsOn({ open: async () => ({ ...made, ...inMemory }) }, options);
      return { parts, appStore: sqliteAppStore(database), users: sqliteUsers(database) };
    },
  };
}
