import { dueOf } from '../../../server/store/change.ts';
import type { Overview } from '../../../server/store/overview.ts';
import type { MemoryDatabase } from './connection.ts';
import { everything, pageIn } from './queries.ts';

/** Looks over all sessions in memory. */
export function memoryOverview(database: MemoryDatabase): Overview {
  const all = () => everything(database);

  return {
    async search(query, limit) {
      return pageIn(database, query, limit);
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
