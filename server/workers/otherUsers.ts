import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventLog, SessionQuery, Stored } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';
import type { User, Users } from '../store/users.ts';
import { bindingsOf, objectOfName, overviewShards, placeFor, type CurfewEnv } from './env.ts';
import { objectAt, placeOfSession } from './place.ts';
import { reach } from './reach.ts';

const administering = new AsyncLocalStorage<true>();

/** Runs what an administrator has asked for: it may see and end what is of other users. Nothing else ever does. */
export const asAdministrator = <Result>(run: () => Result): Result => administering.run(true, run);

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

/** Looks over all users, by what their objects have told: a moment late, and never asked who may enter. */
async function searchAll(env: CurfewEnv, query: SessionQuery, limit: number): Promise<readonly Stored[]> {
  const found = await Promise.all(overviewShards(env).map((shard) => reach(() => shard.searchSessions(query, limit))));
  return found.flat().toSorted(newestFirst).slice(0, limit);
}

/**
 * The log of one user, which hands on to the object of another what an administrator asks of it. No copy is kept of that.
 *
 * @param own the place of the user
 */
export function withOthers(log: EventLog, own: string, env: CurfewEnv): EventLog {
  const at = (place: string | null) =>
    administering.getStore() && place !== own ? objectAt(bindingsOf(env).CURFEW_USERS, place) : null;
  const ofUser = (user: string) => at(placeFor(env, user));
  const ofSession = (id: string) => at(placeOfSession(id));

  return {
    ...log,
    async load(id) {
      const other = ofSession(id);
      return other ? reach(() => other.loadSession(id)) : log.load(id);
    },
    async read(id, after, limit) {
      const other = ofSession(id);
      return other ? reach(() => other.readEntries(id, after, limit)) : log.read(id, after, limit);
    },
    async account(user) {
      const other = ofUser(user);
      return other ? reach(() => other.accountOf(user)) : log.account(user);
    },
    async sessionsOf(user, since) {
      const other = ofUser(user);
      return other ? reach(() => other.sessionsOf(user, since)) : log.sessionsOf(user, since);
    },
    async pageOf(user, query, limit) {
      const other = ofUser(user);
      return other ? reach(() => other.pageOf(user, query, limit)) : log.pageOf(user, query, limit);
    },
    async append(changes, admission, writes = []) {
      const [first] = changes;
      const other = first ? ofSession(first.id) : admission && ofUser(admission.user);
      if (!other) return log.append(changes, admission, writes);
      if (writes.length > 0) throw new Error('a write of one object cannot join the transaction of another');
      return reach(() => other.appendChanges(changes, admission));
    },
  };
}

/** Looks over the sessions of one user, and for an administrator over those of all. */
export const overAllUsers = (overview: Overview, log: EventLog, env: CurfewEnv): Overview => ({
  ...overview,
  async search({ user, ...query }, limit) {
    if (user !== undefined) return log.pageOf(user, query, limit);
    return administering.getStore() ? searchAll(env, query, limit) : overview.search(query, limit);
  },
});

/** A password is compared in the object of its user alone. */
const withoutHash = (user: User | null): User | null => user && { ...user, passwordHash: '' };

/** The users of one object, and for an administrator those of others, without their passwords. */
export function usersWithOthers(users: Users, own: string, env: CurfewEnv): Users {
  return {
    ...users,
    async byId(id) {
      const place = administering.getStore() ? placeFor(env, id) : own;
      const isOther = place !== own;
      const other = isOther ? objectAt(bindingsOf(env).CURFEW_USERS, place) : null;
      return other ? reach(async () => withoutHash(await other.userById(id))) : users.byId(id);
    },
    async byName(name) {
      const found = await users.byName(name);
      if (found || !administering.getStore()) return found;
      return reach(async () => withoutHash(await objectOfName(env, name).userByName(name)));
    },
  };
}
