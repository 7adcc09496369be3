// In place of contract/adapters.ts inside of workerd.
import { pseudonyms } from '../../../../server/keys/pseudonyms.ts';
import { sqliteSecurityLog } from '../../../../server/sqlite/securityLog.ts';
import { sqliteStores } from '../../../../server/sqlite/stores.ts';
import type { OpenStore } from '../../../../server/store/adapter.ts';
import type { Sessions } from '../../memory/eventLog.ts';
import type { Audited } from '../../contract/adapters.ts';
import { freshDatabase } from './storage.ts';

const name = 'a Durable Object';

/** All that is there keeps everything. */
export const adapters: [string, () => Promise<Sessions>][] = [];

export const stores: [string, () => Promise<OpenStore>][] = [
  [
    name,
    async () => ({
      ...sqliteStores(await freshDatabase()),
      whyNotReady: async () => null,
      close: async () => {},
    }),
  ],
];

const names = pseudonyms('a secret of at least thirty-two bytes');

export const audited: [string, () => Promise<Audited>][] = [
  [
    name,
    async () => {
      const database = await freshDatabase();
      const { log, auditReader } = sqliteStores(database);
      const lose = async (table: string) => void database.prepare(`delete from ${table}`).run();
      return { log, auditReader, security: sqliteSecurityLog(database, names), lose };
    },
  ],
];
