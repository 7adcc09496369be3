import type { Database } from '../sqlite/database.ts';
import { sqliteStores } from '../sqlite/stores.ts';
import type { OpenStore } from '../store/adapter.ts';
import type { EventLog } from '../store/eventLog.ts';
import { remoteAttempts } from './attempts.ts';
import { usersWithOthers } from './otherUsers.ts';
import { reach } from './reach.ts';
import { attemptsOf, type CurfewEnv } from './env.ts';

/** What is kept of one user is in their object; what is counted and refused by address is elsewhere. */
export function userStore(
  database: Database,
  env: CurfewEnv,
  place: string,
  logOf: (log: EventLog) => EventLog,
): OpenStore {
  const stores = sqliteStores(database);
  return {
    ...stores,
    log: logOf(stores.log),
    users: usersWithOthers(stores.users, place, env),
    attempts: remoteAttempts((key) => attemptsOf(env, key)),
    securityLog: () => ({
      record: (event) => reach(() => attemptsOf(env, event.address ?? event.account ?? '').recordRefusal(event)),
      // An audit reads it where it is.
      since: async () => [],
      async purge() {},
    }),
    whyNotReady: async () => null,
    async close() {},
  };
}
