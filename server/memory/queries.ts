import { dueOf } from '../store/change.ts';
import type { EventLogQueries, SessionQuery, Stored } from '../store/eventLog.ts';
import { noAdmissions } from './append.ts';
import type { MemoryDatabase } from './connection.ts';

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

const matches = ({ id, state: { leaf, context } }: Stored, { user, leaves, after }: SessionQuery): boolean =>
  (user === undefined || context.user === user) &&
  (leaves === undefined || leaves.includes(leaf)) &&
  (after === undefined ||
    context.startedAt < after.startedAt ||
    (context.startedAt === after.startedAt && id > after.id));

/** Finds sessions in memory. */
export function memoryQueries({ streams, accounts }: MemoryDatabase): EventLogQueries {
  return {
    async load(id) {
      return streams.get(id)?.stored ?? null;
    },

    async read(id, after, limit) {
      return (streams.get(id)?.entries ?? []).slice(after, after + limit);
    },

    async sessionsOf(user, endedSince = Infinity) {
      return [...streams.values()]
        .map(({ stored }) => stored)
        .filter(({ state: { context } }) => context.user === user && (context.endedAt ?? Infinity) >= endedSince)
        .toSorted(newestFirst);
    },

    async search(query, limit) {
      return [...streams.values()]
        .map(({ stored }) => stored)
        .filter((stored) => matches(stored, query))
        .toSorted(newestFirst)
        .slice(0, limit);
    },

    async account(user) {
      return accounts.get(user) ?? noAdmissions;
    },

    async due(at, limit) {
      return [...streams.values()]
        .flatMap(({ stored: { id, state } }) => ({ id, due: dueOf({ state }) ?? Infinity }))
        .filter(({ due }) => due <= at && due !== Infinity)
        .toSorted((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },

    async ended(before, limit, { endedAt, id: from } = { endedAt: -Infinity, id: '' }) {
      return [...streams.values()]
        .map(({ stored }) => ({ stored, at: stored.state.context.endedAt ?? Infinity }))
        .filter(({ at }) => at <= before && at !== Infinity)
        .toSorted((a, b) => a.at - b.at || (a.stored.id < b.stored.id ? -1 : 1))
        .filter(({ at, stored }) => at > endedAt || (at === endedAt && stored.id > from))
        .slice(0, limit)
        .map(({ stored }) => stored);
    },
  };
}
