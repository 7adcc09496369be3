import { runSynchronousWrites } from '../store/transactionalWrite.ts';
import { dueOf, lastOf } from '../store/change.ts';
import type {
  AdmissionState,
  Admission,
  Change,
  Device,
  EventLog,
  LogEntry,
  SessionQuery,
  Stored,
} from '../store/eventLog.ts';
import { listeners } from '../store/listeners.ts';

interface Stream {
  readonly stored: Stored;
  readonly entries: readonly LogEntry[];
}

const nobody: AdmissionState = { authEpoch: 0, admissions: 0 };

const isAsRead = (now: AdmissionState, { account }: Admission): boolean =>
  now.authEpoch === account.authEpoch && now.admissions === account.admissions;

const admit = (now: AdmissionState, { raiseEpoch }: Admission): AdmissionState => ({
  authEpoch: now.authEpoch + (raiseEpoch ? 1 : 0),
  admissions: now.admissions + 1,
});

function extend(stream: Stream | undefined, change: Change, last: LogEntry): Stream {
  const device: Device | null = change.device?.device ?? stream?.stored.device ?? null;
  return {
    stored: { id: change.id, state: change.state, hash: last.hash, device },
    entries: [...(stream?.entries ?? []), ...change.entries],
  };
}

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

const isAskedFor = ({ id, state: { leaf, context } }: Stored, { user, leaves, after }: SessionQuery): boolean =>
  (user === undefined || context.user === user) &&
  (leaves === undefined || leaves.includes(leaf)) &&
  (after === undefined ||
    context.startedAt < after.startedAt ||
    (context.startedAt === after.startedAt && id > after.id));

/** Keeps sessions in memory, for tests and for trying things out; everything is gone with the process. */
export function memoryEventLog(): EventLog {
  const streams = new Map<string, Stream>();
  const accounts = new Map<string, AdmissionState>();
  const records = new Map<string, string>();
  const heard = listeners();
  const accountOf = (user: string) => accounts.get(user) ?? nobody;

  return {
    async append(changes, admission, along = []) {
      if (admission && !isAsRead(accountOf(admission.user), admission)) return 'wrong_expected_version';
      const extended = new Map<string, Stream>();
      for (const change of changes) {
        const last = lastOf(change);
        const stream = extended.get(change.id) ?? streams.get(change.id);
        if ((stream?.stored.state.context.version ?? 0) !== change.expected) return 'wrong_expected_version';
        if (last) extended.set(change.id, extend(stream, change, last));
      }
      runSynchronousWrites(along);
      for (const [id, stream] of extended) streams.set(id, stream);
      if (admission) accounts.set(admission.user, admit(accountOf(admission.user), admission));
      heard.tell(extended.keys());
      return 'appended';
    },

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
        .filter((stored) => isAskedFor(stored, query))
        .toSorted(newestFirst)
        .slice(0, limit);
    },

    forgetting: (user) => () => {
      for (const [id, { stored, entries }] of streams)
        if (stored.state.context.user === user) streams.set(id, { stored: { ...stored, device: null }, entries });
    },

    async account(user) {
      return accountOf(user);
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

    async purge(purges) {
      const gone = purges.filter(({ id, version }) => {
        const context = streams.get(id)?.stored.state.context;
        return context?.version === version && context.endedAt !== null;
      });
      for (const { id, record } of gone) {
        streams.delete(id);
        records.set(id, record);
      }
      return gone.map(({ id }) => id);
    },

    async purged(id) {
      return records.get(id) ?? null;
    },

    subscribe: (listener) => heard.add(listener),
  };
}
