import { isLive } from '../../../machines/index.ts';
import type { Change, EventLog, Stored } from '../../../server/store/eventLog.ts';

/** What a fault of an adapter makes of a log that has none. */
export type Fault = (log: EventLog) => Partial<EventLog>;

const sometimes = () => Math.random() < 0.25;

const ends = ({ state }: Change): boolean => state.context.endedAt !== null;

/** A log that takes its time to write, as those do that are far away. It has no fault. */
export const slow: Fault = (log) => ({
  async append(...given) {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    return log.append(...given);
  },
});

/** Faults that an adapter of a store can have, each by what it does wrong. */
export const faults: Readonly<Record<string, Fault>> = {
  'acknowledges what it has not written': (log) => ({
    append: async (changes, ...rest) =>
      changes.some(({ expected }) => expected > 0) && sometimes() ? 'appended' : log.append(changes, ...rest),
  }),

  'acknowledges what another writer was faster with': (log) => ({
    async append(...given) {
      await log.append(...given);
      return 'appended';
    },
  }),

  'writes an end after it was acknowledged, or never': (log) => ({
    async append(changes, ...rest) {
      if (!changes.some(ends)) return log.append(changes, ...rest);
      if (sometimes()) setTimeout(() => void log.append(changes, ...rest), 20);
      return 'appended';
    },
  }),

  'reads a copy that no other writer takes away': (log) => {
    const copies = new Map<string, Stored | null>();
    return {
      async load(id) {
        const copy = copies.get(id) ?? (await log.load(id));
        copies.set(id, copy);
        return copy;
      },
    };
  },

  'reads from a replica that is behind': (log) => {
    const before = new Map<string, Stored>();
    return {
      async load(id) {
        const now = await log.load(id);
        const then = before.get(id);
        if (now && isLive(now.state.leaf)) before.set(id, now);
        return then && sometimes() ? then : now;
      },
    };
  },

  'does not serialise the admissions of a user': (log) => ({
    append: (changes, _admission, writes) => log.append(changes, undefined, writes),
  }),

  'leaves sessions out of a list': (log) => ({
    sessionsOf: async (...given) => (await log.sessionsOf(...given)).slice(0, 1),
  }),

  'writes entries without what they say': (log) => ({
    append: (changes, ...rest) =>
      log.append(
        changes.map((change) => ({ ...change, entries: change.entries.map((entry) => ({ ...entry, data: {} })) })),
        ...rest,
      ),
  }),

  'forgets a session': (log) => {
    const forgotten = new Set<string>();
    return {
      async load(id) {
        if (Math.random() < 0.02) forgotten.add(id);
        return forgotten.has(id) ? null : log.load(id);
      },
    };
  },

  'reads the entries of a stream in another order': (log) => ({
    read: async (...given) => (await log.read(...given)).toReversed(),
  }),
};
