import type { Database } from '../sqlite/database.ts';
import { sqliteStores } from '../sqlite/stores.ts';
import type { OpenStore } from '../store/adapter.ts';
import type { EventLog } from '../store/eventLog.ts';
import { remoteAttempts } from './attempts.ts';
import type { Enrolment } from './enrolment.ts';
import { usersWithOthers } from './otherUsers.ts';
import { reach } from './reach.ts';
import { attemptsOf, type CurfewEnv, type WorkersOptions } from './env.ts';

/** Where the store of one user is, and what the application adds to it. */
export interface UserStoreOptions {
  readonly env: CurfewEnv;
  readonly place: string;
  readonly enrolment: Enrolment;
  readonly deleteUserData: WorkersOptions['deleteUserData'] | undefined;
}

/** What is kept of one user is in their object; what is counted and refused by address is elsewhere. */
export function userStore(
  database: Database,
  { env, place, enrolment, deleteUserData }: UserStoreOptions,
  logOf: (log: EventLog) => EventLog,
): OpenStore {
  const stores = sqliteStores(database);
  const users = usersWithOthers(stores.users, place, env);
  return {
    ...stores,
    ...(deleteUserData && { eraseUserData: (user: string) => () => deleteUserData(user) }),
    log: logOf(stores.log),
    users: {
      ...users,
      async register(user) {
        await enrolment.enrol();
        return users.register(user);
      },
    },
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
