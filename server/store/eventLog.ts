import type { Entry, Instant, Leaf, SessionState } from '../../machines/index.ts';

/** One entry of a session's log as it is kept. */
export interface LogEntry extends Entry {
  /** When the server wrote it; `at` is when it took effect. */
  readonly recordedAt: Instant;
  /** Chains the entry to the one before. @see ASVS 5.0 16.4.2 */
  readonly hash: string;
}

/** Personal data of a sign-in: kept apart from the log, which holds only a salted commitment to it. */
export interface Device {
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** An end that was put to sessions at one instant: since when, by whom, and why. */
export interface RevokedAt {
  readonly at: Instant;
  /** The id of a user, `operator` for the command line, `application` for its own code. */
  readonly by: string;
  readonly reason: string;
}

/** The end of every session of every user at one instant. */
export interface RevocationOfAll extends RevokedAt {
  /** The id of the one session that goes on. */
  readonly except?: string;
}

/** A session as it is kept, with the hash that the next entry chains to. */
export interface Stored {
  readonly id: string;
  readonly state: SessionState;
  readonly hash: string;
  readonly device: Device | null;
  /** It ended together with all others, and its log does not say so yet. The state is that of before. */
  readonly revoked?: RevokedAt;
}

/** A change of one session, made only if it still is at the expected version. */
export interface Change {
  readonly id: string;
  /** The version it was decided on; 0 creates the stream. */
  readonly expected: number;
  readonly state: SessionState;
  readonly entries: readonly LogEntry[];
  /** Of a new stream: its personal data with the salt of the commitment. */
  readonly device?: { readonly salt: string; readonly device: Device };
}

/** What admissions of one user are counted by. */
export interface AdmissionState {
  /**
   * Raised by a new password, a deletion, or ending all sessions of the user or of everybody: a sign-in that read an
   * earlier value is refused.
   */
  readonly authEpoch: number;
  /** Number of admissions so far. */
  readonly admissions: number;
  /** When all sessions of the user, or of everybody, were ended last: a proof from before counts no more. */
  readonly revokedAt: Instant | null;
}

/** Serialises the admissions of one user: the append fails unless the account is still as it was read. */
export interface Admission {
  readonly user: string;
  readonly account: AdmissionState;
  /** Voids sign-ins that are under way with the credentials of before. */
  readonly raiseEpoch?: boolean;
  /** Voids proofs from before this instant, too. */
  readonly revokedAt?: Instant;
}

/** A session that is to be purged, if it still is as it was read. */
export interface Purge {
  readonly id: string;
  readonly version: number;
  /** The signed statement that is left in its place. @see attestations.ts */
  readonly record: string;
}

/**
 * A write that another store of the same database has ready, to happen in the transaction of an append: both or
 * neither. It may be called again when the transaction is tried again. The embedded stores write at once and promise
 * nothing.
 */
export type TransactionalWrite = () => void | Promise<void>;

/** Which sessions to find; a field that is left out matches all. */
export interface SessionQuery {
  readonly leaves?: readonly Leaf[];
  /** Goes on behind this one. */
  readonly after?: { readonly startedAt: Instant; readonly id: string };
}

export type Appended = 'appended' | 'wrong_expected_version';

/** Where sessions are kept, and what decides about them: of one user at a time. Every adapter passes the one contract suite. */
export interface EventLog {
  /**
   * Appends all changes or none, in one transaction with the given writes of other stores, which run once all versions
   * are as expected, and with an entry in the outbox of ends for each session that ends. What it answers `appended` to
   * survives kill -9.
   *
   * @returns `wrong_expected_version` when any stream, or the account, is no longer as it was read; also when all
   *   sessions were ended meanwhile, and the change leaves one of them alive.
   * @throws when the store is broken or full; then nothing was written.
   */
  append(changes: readonly Change[], admission?: Admission, writes?: readonly TransactionalWrite[]): Promise<Appended>;
  load(id: string): Promise<Stored | null>;
  /** Entries of one stream after a version, oldest first. */
  read(id: string, after: number, limit: number): Promise<readonly LogEntry[]>;
  /** Live and lapsed sessions of a user, and those that ended at or after `endedSince`; newest first. */
  sessionsOf(user: string, endedSince?: Instant): Promise<readonly Stored[]>;
  /** Sessions of a user, ended ones included; newest first, those of one instant by id. */
  pageOf(user: string, query: SessionQuery, limit: number): Promise<readonly Stored[]>;
  /** The write that erases the personal data of all sessions of a user. The chains still verify. */
  eraseDevicesWrite(user: string): TransactionalWrite;
  account(user: string): Promise<AdmissionState>;
  /**
   * Ends every live and lapsed session at once, and voids every sign-in under way: one durable row, which each load
   * compares with the session. Their logs follow. @see Overview.revoked
   *
   * @returns how many sessions have ended by it.
   */
  revokeAll(revocation: RevocationOfAll): Promise<number>;
  /**
   * Erases ended sessions with their entries and personal data, and leaves a record in the place of each; all or none.
   *
   * @returns the ids of those that were erased: a session that has not ended, or was changed since it was read, is left
   *   alone.
   */
  purge(purges: readonly Purge[]): Promise<readonly string[]>;
  /** The record in the place of a purged session. */
  purged(id: string): Promise<string | null>;
  /**
   * Calls back with a session's id after each commit that changed it, on any node.
   *
   * @param missed called when commits of other nodes may have been missed, and when all sessions have ended at once: the
   *   caller has to load again.
   * @returns a function that stops the calls.
   */
  subscribe(listener: (id: string) => void, missed?: () => void): () => void;
}

/** The part of an event log that only reads. */
export type EventLogQueries = Pick<EventLog, 'load' | 'read' | 'sessionsOf' | 'pageOf' | 'account'>;

/** The part of an event log that erases. */
export type EventLogPurge = Pick<EventLog, 'purge' | 'purged' | 'eraseDevicesWrite'>;
