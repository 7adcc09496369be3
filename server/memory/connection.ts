import type { AdmissionState, LogEntry, Stored } from '../store/eventLog.ts';

/** A session as it is now, with the entries of its log, oldest first. */
export interface Stream {
  readonly stored: Stored;
  readonly entries: readonly LogEntry[];
}

/** What the event log keeps: streams and purge records by session id, admission states by user id. */
export interface MemoryDatabase {
  readonly streams: Map<string, Stream>;
  readonly accounts: Map<string, AdmissionState>;
  readonly records: Map<string, string>;
}

/** @returns an empty database. It ends with the process. */
export const openMemory = (): MemoryDatabase => ({ streams: new Map(), accounts: new Map(), records: new Map() });
