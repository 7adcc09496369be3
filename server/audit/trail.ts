import type { Instant } from '../../machines/index.ts';
import type { SecurityEvent } from '../accounts/securityLog.ts';

/** A row as it is found: whoever looks for damage takes nothing for granted. */
export type FoundRow = Readonly<Record<string, unknown>>;

/** Everything that is kept under one session's id. */
export interface FoundStream {
  readonly id: string;
  /** `user`, `started_at`, `leaf`, `context`, `version`, `hash`, `due` and `ended_at` of the session. */
  readonly session: FoundRow | null;
  /** `salt`, `user_agent` and `address`: its personal data, `null` when it was erased. */
  readonly device: FoundRow | null;
  /** What a purge has left in its place. */
  readonly record: string | null;
}

/** An entry of any session's log with the user it belongs to, `null` when nothing else is kept of the session. */
export interface FoundEntry {
  readonly stream: string;
  readonly user: string | null;
  readonly row: FoundRow;
}

/** An entry of the security log, with its number in it. */
export interface FoundRefusal {
  readonly number: number;
  readonly event: SecurityEvent;
}

/** Reads everything that is kept of all sessions, page by page. Every adapter passes the one contract suite. */
export interface Trail {
  /** By id, those after one. */
  streams(after: string, limit: number): Promise<readonly FoundStream[]>;
  stream(id: string): Promise<FoundStream | null>;
  /** Entries of one stream after a version, oldest first. */
  entries(stream: string, after: number, limit: number): Promise<readonly FoundRow[]>;
  /** Entries of all streams in the order in which they were recorded, those after one. */
  written(
    after: { readonly recordedAt: Instant; readonly stream: string; readonly version: number },
    limit: number,
  ): Promise<readonly FoundEntry[]>;
  /** Entries of the security log in their order, those after one. */
  refused(after: { readonly at: Instant; readonly number: number }, limit: number): Promise<readonly FoundRefusal[]>;
}
