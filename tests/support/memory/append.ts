import { isAlive, lastOf } from '../../../server/store/change.ts';
import type { Admission, AdmissionState, Change, Device, EventLog, LogEntry } from '../../../server/store/eventLog.ts';
import type { Listeners } from '../../../server/store/listeners.ts';
import { runSynchronousWrites } from '../../../server/store/transactionalWrite.ts';
import { found, type MemoryDatabase, type Stream } from './connection.ts';

/** The admission state of a user who has never signed in. */
const noAdmissions: AdmissionState = { authEpoch: 0, admissions: 0, revokedAt: null };

const latest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** Reads the admission state of a user. */
export function accountOf({ accounts, revocations }: MemoryDatabase, user: string): AdmissionState {
  const own = accounts.get(user) ?? noAdmissions;
  const all = revocations.reduce<number | null>((at, each) => latest(at, each.at), null);
  return { ...own, authEpoch: own.authEpoch + revocations.length, revokedAt: latest(own.revokedAt, all) };
}

const isAsRead = (now: AdmissionState, { account }: Admission): boolean =>
  now.authEpoch === account.authEpoch && now.admissions === account.admissions;

const admit = (now: AdmissionState, { raiseEpoch, revokedAt }: Admission): AdmissionState => ({
  authEpoch: now.authEpoch + (raiseEpoch ? 1 : 0),
  admissions: now.admissions + 1,
  revokedAt: latest(now.revokedAt, revokedAt ?? null),
});

/** @param notify is called with the ids of the changed sessions after each commit. */
export function memoryAppend(
  database: MemoryDatabase,
  { notify, notifyAll }: Pick<Listeners, 'notify' | 'notifyAll'>,
): Pick<EventLog, 'append' | 'revokeAll'> {
  const { streams, accounts, revocations } = database;

  function extend(stream: Stream | undefined, change: Change, last: LogEntry): Stream {
    const device: Device | null = change.device?.device ?? stream?.stored.device ?? null;
    return {
      stored: { id: change.id, state: change.state, hash: last.hash, device },
      entries: [...(stream?.entries ?? []), ...change.entries],
      epoch: stream?.epoch ?? revocations.length,
    };
  }

  return {
    async append(changes, admission, writes = []) {
      if (admission && !isAsRead(accountOf(database, admission.user), admission)) return 'wrong_expected_version';
      const extended = new Map<string, Stream>();
      for (const change of changes) {
        const last = lastOf(change);
        const stream = extended.get(change.id) ?? streams.get(change.id);
        if ((stream?.stored.state.context.version ?? 0) !== change.expected) return 'wrong_expected_version';
        if (stream && found(stream, database).revoked && isAlive(change)) return 'wrong_expected_version';
        if (last) extended.set(change.id, extend(stream, change, last));
      }
      runSynchronousWrites(writes);
      for (const [id, stream] of extended) streams.set(id, stream);
      if (admission) accounts.set(admission.user, admit(accounts.get(admission.user) ?? noAdmissions, admission));
      notify(extended.keys());
      return 'appended';
    },

    async revokeAll(revocation) {
      const alive = [...streams.values()]
        .map((stream) => found(stream, database))
        .filter(({ id, state, revoked }) => state.context.endedAt === null && !revoked && id !== revocation.except);
      revocations.push(revocation);
      notifyAll();
      return alive.length;
    },
  };
}
