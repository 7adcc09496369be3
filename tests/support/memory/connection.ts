import type { AdmissionState, LogEntry, RevocationOfAll, Stored } from '../../../server/store/eventLog.ts';

/** A session as it is now, with the entries of its log, oldest first. */
export interface Stream {
  readonly stored: Stored;
  readonly entries: readonly LogEntry[];
  /** How many revocations of all there were when it was admitted. */
  readonly epoch: number;
}

/** What the event log keeps: streams and purge records by session id, admission states by user id. */
export interface MemoryDatabase {
  readonly streams: Map<string, Stream>;
  readonly accounts: Map<string, AdmissionState>;
  readonly records: Map<string, string>;
  /** Every revocation of all sessions, oldest first. */
  readonly revocations: RevocationOfAll[];
}

/** @returns an empty database. It ends with the process. */
export const openMemory = (): MemoryDatabase => ({
  streams: new Map(),
  accounts: new Map(),
  records: new Map(),
  revocations: [],
});

/** A session as it is found: with the revocation of all that has ended it, as long as its log does not say so. */
export function found({ stored, epoch }: Stream, { revocations }: Pick<MemoryDatabase, 'revocations'>): Stored {
  if (stored.state.context.endedAt !== null) return stored;
  const by = revocations.slice(epoch).find(({ except }) => except !== stored.id);
  return by ? { ...stored, revoked: { at: by.at, by: by.by, reason: by.reason } } : stored;
}
