import type { Instant } from '../../machines/index.ts';
import type { SecurityEvent } from './securityLog.ts';

/** A row as stored, unchecked: an audit takes nothing for granted. */
export type RawRow = Readonly<Record<string, unknown>>;

/** Everything that is kept under one session's id. */
export interface RawStream {
  readonly id: string;
  /**
   * `user`, `started_at`, `leaf`, `context`, `version`, `hash`, `due`, `ended_at` and `epoch` of the session; `epoch_at`
   * and `next_epoch_at`, when that epoch and the next one began, `null` where there is none.
   */
  readonly session: RawRow | null;
  /** `salt`, `user_agent` and `address`: its personal data, `null` when it was erased. */
  readonly device: RawRow | null;
  /** What a purge has left in its place. */
  readonly record: string | null;
}

/** An entry of any session's log with the user it belongs to, `null` when nothing else is kept of the session. */
export interface RawEntry {
  readonly stream: string;
  readonly user: string | null;
  readonly row: RawRow;
}

/** An entry of the security log, with its number in it. */
export interface RawRefusal {
  readonly number: number;
  readonly event: SecurityEvent;
}

/** Reads everything that is kept of all sessions, page by page. Every adapter passes the one contract suite. */
export interface AuditReader {
  /** By id, those after one. */
  streams(after: string, limit: number): Promise<readonly RawStream[]>;
  stream(id: string): Promise<RawStream | null>;
  /** Entries of one stream after a version, oldest first. */
  entries(stream: string, after: number, limit: number): Promise<readonly RawRow[]>;
  /** Entries of all streams in the order in which they were recorded, those after one. */
  written(
    after: { readonly recordedAt: Instant; readonly stream: string; readonly version: number },
    limit: number,
  ): Promise<readonly RawEntry[]>;
  /** Entries of the security log in their order, those after one. */
  refused(after: { readonly at: Instant; readonly number: number }, limit: number): Promise<readonly RawRefusal[]>;
}
