import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createAttestations, type Attestations } from '../../../server/keys/attestations.ts';
import { makeCheckpoint } from '../../../server/audit/checkpoint.ts';
import type { Finding } from '../../../server/audit/finding.ts';
import { sqliteAuditReader } from '../../../server/sqlite/auditReader.ts';
import type { AuditReader } from '../../../server/store/auditReader.ts';
import { verify } from '../../../server/audit/verify.ts';
import type { EventLog } from '../../../server/store/eventLog.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { begun, clock, decided, extended, later, signedOut, storedAs } from '../../../server/contract/history.ts';
import { folder } from './folder.ts';

export const secret = 'a secret of at least thirty-two bytes';

/** Keeps four sessions: `a` and `b` live with five entries, `c` lapsed, `d` ended. */
export async function fill(log: EventLog): Promise<void> {
  for (const id of ['a', 'b', 'c', 'd']) {
    const started = begun(id, `user of ${id}`);
    await log.append([started]);
    const events = {
      a: [1, 2, 3, 4].map((n) => extended(later(n))),
      b: [1, 2, 3, 4].map((n) => extended(later(n))),
      c: [clock(later(40))],
      d: [extended(later(1)), signedOut(later(2))],
    }[id];
    await log.append([decided(storedAs(started), events ?? [])]);
  }
}

/** A SQLite file with these sessions. */
export async function kept(path = join(folder(), 'curfew.db')): Promise<string> {
  const database = openDatabase(path);
  await fill(sqliteEventLog(database));
  database.close();
  return path;
}

/** Does to a file what somebody with a SQL prompt could do. */
export function tamper(path: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function on<Result>(path: string, work: (auditReader: AuditReader) => Promise<Result>): Promise<Result> {
  const database = openDatabase(path);
  try {
    return await work(sqliteAuditReader(database));
  } finally {
    database.close();
  }
}

/** A checkpoint of what is kept, as its lines. */
export async function checkpointIn(
  auditReader: AuditReader,
  by?: Attestations,
  at = later(50),
): Promise<readonly string[]> {
  const lines = [];
  for await (const line of makeCheckpoint(auditReader, by ?? (await createAttestations(secret)), at))
    lines.push(line.trimEnd());
  return lines;
}

/** What is found in what is kept: `code session/version`, in order, and how much was looked at. */
export async function lookedIn(auditReader: AuditReader, checkpoint?: readonly string[], by?: Attestations) {
  const findings: Finding[] = [];
  const lines = async function* () {
    yield* checkpoint ?? [];
  };
  const verified = await verify({
    auditReader,
    attestations: by ?? (await createAttestations(secret)),
    report: (finding) => findings.push(finding),
    checkpoints: checkpoint ? [{ name: 'kept', lines }] : [],
  });
  const found = findings.map(({ code, session, version }) => `${code} ${session ?? '–'}/${version ?? '–'}`);
  return { found, verified, findings };
}

/** A checkpoint of a file, as its lines. */
export const checkpointOf = (path: string, by?: Attestations) =>
  on(path, (auditReader) => checkpointIn(auditReader, by));

/** What is found in a file. */
export const looked = (path: string, checkpoint?: readonly string[], by?: Attestations) =>
  on(path, (auditReader) => lookedIn(auditReader, checkpoint, by));
