import type { EventLogQueries, Stored } from '../../../server/store/eventLog.ts';
import type { AllQuery } from '../../../server/store/overview.ts';
import { accountOf } from './append.ts';
import { found, type MemoryDatabase } from './connection.ts';

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

const endOf = ({ state, revoked }: Stored): number => revoked?.at ?? state.context.endedAt ?? Infinity;

const matches = ({ id, state, revoked }: Stored, { user, leaves, after }: AllQuery): boolean =>
  (user === undefined || state.context.user === user) &&
  (leaves === undefined || leaves.includes(revoked ? 'ended.revoked' : state.leaf)) &&
  (after === undefined ||
    state.context.startedAt < after.startedAt ||
    (state.context.startedAt === after.startedAt && id > after.id));

/** Sessions of all users or of one, a page of them. */
export const pageIn = (database: MemoryDatabase, query: AllQuery, limit: number): readonly Stored[] =>
  everything(database)
    .filter((stored) => matches(stored, query))
    .toSorted(newestFirst)
    .slice(0, limit);

/** Every session as it is found. */
export const everything = (database: MemoryDatabase): readonly Stored[] =>
  [...database.streams.values()].map((stream) => found(stream, database));

/** Finds sessions in memory. */
export function memoryQueries(database: MemoryDatabase): EventLogQueries {
  const { streams } = database;

  return {
    async load(id) {
      const stream = streams.get(id);
      return stream ? found(stream, database) : null;
    },

    async read(id, after, limit) {
      return (streams.get(id)?.entries ?? []).slice(after, after + limit);
    },

    async sessionsOf(user, endedSince = Infinity) {
      return everything(database)
        .filter((stored) => stored.state.context.user === user && endOf(stored) >= endedSince)
        .toSorted(newestFirst);
    },

    async pageOf(user, query, limit) {
      return pageIn(database, { ...query, user }, limit);
    },

    async account(user) {
      return accountOf(database, user);
    },
  };
}
