import type { Instant } from '../../machines/index.ts';
import type { SecurityEvent } from '../store/securityLog.ts';
import type { LogEntry } from '../store/eventLog.ts';
import { entryRow } from '../store/rows.ts';
import { refusalPlace, sessionPlace, type Position } from './position.ts';
import type { AuditReader } from '../store/auditReader.ts';

const pageSize = 500;

/** One thing that was recorded, with its place among all. */
export type Recorded = { readonly at: Instant; readonly position: string } & (
  | { readonly log: 'session'; readonly session: string; readonly user: string | null; readonly entry: LogEntry }
  | { readonly log: 'security'; readonly number: number; readonly event: SecurityEvent }
);

async function* entriesAfter(auditReader: AuditReader, { at, session }: Position): AsyncGenerator<Recorded, null> {
  let after = { recordedAt: at, ...session };
  for (;;) {
    const page = await auditReader.written(after, pageSize);
    for (const { stream, user, row } of page) {
      const entry = entryRow.parse(row);
      after = { recordedAt: entry.recordedAt, stream, version: entry.version };
      const position = sessionPlace(entry.recordedAt, stream, entry.version);
      yield { log: 'session', at: entry.recordedAt, position, session: stream, user, entry };
    }
    if (page.length < pageSize) return null;
  }
}

async function* refusalsAfter(auditReader: AuditReader, { at, refusal }: Position): AsyncGenerator<Recorded, null> {
  let after = { at, number: refusal };
  for (;;) {
    const page = await auditReader.refused(after, pageSize);
    for (const { number, event } of page) {
      after = { at: event.at, number };
      yield { log: 'security', at: event.at, position: refusalPlace(event.at, number), number, event };
    }
    if (page.length < pageSize) return null;
  }
}

/**
 * Yields every entry after a position: entries of sessions and of the security log, ordered by the time they were
 * recorded, sessions first at the same time. One page of each log is in memory at a time.
 *
 * @throws when an entry cannot be read: that is damage, which `verify` names.
 */
export async function* recorded(auditReader: AuditReader, after: Position): AsyncGenerator<Recorded> {
  const [sessions, security] = [entriesAfter(auditReader, after), refusalsAfter(auditReader, after)];
  let [entry, refusal] = [await sessions.next(), await security.next()];
  for (;;) {
    if (entry.value !== null && (refusal.value === null || entry.value.at <= refusal.value.at)) {
      yield entry.value;
      entry = await sessions.next();
    } else if (refusal.value !== null) {
      yield refusal.value;
      refusal = await security.next();
    } else return;
  }
}
