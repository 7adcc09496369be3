import { dueOf } from '../../../server/store/change.ts';
import type { EventLogQueries, SessionQuery, Stored } from '../../../server/store/eventLog.ts';
import { accountOf } from './append.ts';
import { found, type MemoryDatabase } from './connection.ts';

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

const endOf = ({ state, revoked }: Stored): number => revoked?.at ?? state.context.endedAt ?? Infinity;

const matches = ({ id, state, revoked }: Stored, { user, leaves, after }: SessionQuery): boolean =>
  (user === undefined || state.context.user === user) &&
  (leaves === undefined || leaves.includes(revoked ? 'ended.revoked' : state.leaf)) &&
  (after === undefined ||
    state.context.startedAt < after.startedAt ||
    (state.context.startedAt === after.startedAt && id > after.id));

/** Finds sessions in memory. */
export function memoryQueries(database: MemoryDatabase): EventLogQueries {
  const { streams } = database;
  const all = () => [...streams.values()].map((stream) => found(stream, database));

  return {
    async load(id) {
      const stream = streams.get(id);
      return stream ? found(stream, database) : null;
    },

    async read(id, after, limit) {
      return (streams.get(id)?.entries ?? []).slice(after, after + limit);
    },

    async sessionsOf(user, endedSince = Infinity) {
      return all()
        .filter((stored) => stored.state.context.user === user && endOf(stored) >= endedSince)
        .toSorted(newestFirst);
    },

    async search(query, limit) {
      return all()
        .filter((stored) => matches(stored, query))
        .toSorted(newestFirst)
        .slice(0, limit);
    },

    async account(user) {
      return accountOf(database, user);
    },

    async revoked(limit) {
      return all()
        .filter(({ revoked }) => revoked !== undefined)
        .map(({ id }) => id)
        .toSorted()
        .slice(0, limit);
    },

    async due(at, limit) {
      return all()
        .filter(({ revoked }) => !revoked)
        .flatMap(({ id, state }) => ({ id, due: dueOf({ state }) ?? Infinity }))
        .filter(({ due }) => due <= at && due !== Infinity)
        .toSorted((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },

    async ended(before, limit, { endedAt, id: from } = { endedAt: -Infinity, id: '' }) {
      return all()
        .map((stored) => ({ stored, at: stored.state.context.endedAt ?? Infinity }))
        .filter(({ at }) => at <= before && at !== Infinity)
        .toSorted((a, b) => a.at - b.at || (a.stored.id < b.stored.id ? -1 : 1))
        .filter(({ at, stored }) => at > endedAt || (at === endedAt && stored.id > from))
        .slice(0, limit)
        .map(({ stored }) => stored);
    },
  };
}
