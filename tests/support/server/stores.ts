import type { AppStore } from '../../../server/app/store/appStore.ts';
import { postgresAppStore } from '../../../server/app/store/postgres.ts';
import { sqliteAppStore } from '../../../server/app/store/sqlite.ts';
import { type Users } from '../../../server/store/users.ts';
import { sqliteUsers } from '../../../server/sqlite/users.ts';
import { postgres as postgresStore } from '../../../server/postgres/index.ts';
import { partsOn, type PartsOptions } from './parts.ts';
import { memorySessions, type Sessions } from '../memory/eventLog.ts';
import { openDatabase, sqlite as sqliteStore } from '../../../server/sqlite/index.ts';
import type { CopyRules } from '../../../server/store/copies.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import { postgresUsers } from '../../../server/postgres/users.ts';
import { freshDatabase, opened } from '../postgres/fresh.ts';

/** Where a world keeps what it has to keep. */
export type StoreKind = 'memory' | 'sqlite' | 'postgres';

/** One database, on which several nodes can be made. */
export interface Store {
  /** A node of its own: on PostgreSQL with connections of its own. */
  readonly node: (
    options: PartsOptions,
  ) => Promise<{ readonly parts: Dependencies; readonly appStore: AppStore; readonly users: Users }>;
  /** What a table holds. */
  readonly rows: (table: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How much has been written so far, where the database counts it. */
  readonly changes: () => number;
  /** Of a PostgreSQL database. */
  readonly address: string;
}

async function postgres(place?: string): Promise<Store> {
  const address = place ?? (await freshDatabase());
  return {
    address,
    changes() {
      throw new Error('PostgreSQL does not count what one test has written');
    },
    async node(options) {
      const database = await opened(address);
      const appStore = await postgresAppStore(database);
      const deleteUserData = (user: string) => appStore.deleteUserData(user);
      const parts = await partsOn(postgresStore(database, { deleteUserData }), options);
      return { parts, appStore, users: postgresUsers(database) };
    },
    async rows(table) {
      const { query } = await opened(address);
      return (await query(`select * from ${table}`)).rows;
    },
  };
}

function sqlite(sessions: Sessions | null, path = ':memory:'): Store {
  const database = openDatabase(path);
  const totalChanges = database.prepare('select total_changes() as n');
  return {
    address: '',
    rows: async (table) => database.prepare(`select * from ${table}`).all(),
    changes: () => Number(totalChanges.get()?.['n']),
    async node(options) {
      const appStore = sqliteAppStore(database);
      const deleteUserData = (user: string) => void appStore.deleteUserData(user);
      const adapter = sqliteStore(database, { deleteUserData });
      const open: typeof adapter.open = async (given) => {
        const made = await adapter.open(given);
        // Nodes share what is in a log, not who is writing to it.
        if (!sessions) return made;
        const { log, overview } = sessions;
        const watch: CopyRules['watch'] = (listener) => {
          log.subscribe(listener.session, listener.all);
          made.copies?.watch(listener);
        };
        return { ...made, log: { ...log }, overview, copies: { mark: () => 0, watch } };
      };
      const parts = await partsOn({ ...adapter, open }, options);
      return { parts, appStore, users: sqliteUsers(database) };
    },
  };
}

/**
 * A database of one kind; in memory only sessions are kept in memory, the rest in SQLite.
 *
 * @param place a SQLite file, or the address of a PostgreSQL database; default a new database
 */
export async function newStore(kind: StoreKind, place?: string): Promise<Store> {
  if (kind === 'postgres') return postgres(place);
  return sqlite(kind === 'memory' ? memorySessions() : null, place);
}
