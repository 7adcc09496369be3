import { lastOf } from '../store/change.ts';
import type { Admission, AdmissionState, Change, Device, EventLog, LogEntry } from '../store/eventLog.ts';
import { runSynchronousWrites } from '../store/transactionalWrite.ts';
import type { MemoryDatabase, Stream } from './connection.ts';

/** The admission state of a user who has never signed in. */
export const noAdmissions: AdmissionState = { authEpoch: 0, admissions: 0 };

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

/** @param notify is called with the ids of the changed sessions after each commit. */
export function memoryAppend(
  { streams, accounts }: MemoryDatabase,
  notify: (ids: Iterable<string>) => void,
): Pick<EventLog, 'append'> {
  const accountOf = (user: string) => accounts.get(user) ?? noAdmissions;

  return {
    async append(changes, admission, writes = []) {
      if (admission && !isAsRead(accountOf(admission.user), admission)) return 'wrong_expected_version';
      const extended = new Map<string, Stream>();
      for (const change of changes) {
        const last = lastOf(change);
        const stream = extended.get(change.id) ?? streams.get(change.id);
        if ((stream?.stored.state.context.version ?? 0) !== change.expected) return 'wrong_expected_version';
        if (last) extended.set(change.id, extend(stream, change, last));
      }
      runSynchronousWrites(writes);
      for (const [id, stream] of extended) streams.set(id, stream);
      if (admission) accounts.set(admission.user, admit(accountOf(admission.user), admission));
      notify(extended.keys());
      return 'appended';
    },
  };
}
