// In place of server/eachDatabase.ts inside of workerd.
import { sqliteAppStore } from '../../../../server/app/store/sqlite.ts';
import { sqliteStores } from '../../../../server/sqlite/stores.ts';
import type { Opened } from '../../server/eachDatabase.ts';
import { freshDatabase } from './storage.ts';

export const eachDatabase: [string, () => Promise<Opened>][] = [
  [
    'a Durable Object',
    async () => {
      const database = await freshDatabase();
      return {
        ...sqliteStores(database),
        appStore: sqliteAppStore(database),
        sql: async (statement, ...values) =>
          database.prepare(statement.replaceAll('user_id', 'user').replaceAll(/\$(\d)/g, '?$1')).all(...values),
      };
    },
  ],
];
