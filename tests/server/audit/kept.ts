import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createAttestations, type Attestations } from '../../../server/audit/attestations.ts';
import { makeCheckpoint } from '../../../server/audit/checkpoint.ts';
import type { Finding } from '../../../server/audit/finding.ts';
import { sqliteTrail } from '../../../server/audit/sqliteTrail.ts';
import type { Trail } from '../../../server/audit/trail.ts';
import { verify } from '../../../server/audit/verify.ts';
import { sqliteEventLog } from '../../../server/log/sqlite.ts';
import { openDatabase } from '../../../server/sqlite/database.ts';
import { begun, clock, decided, extended, later, signedOut, storedAs } from '../../contract/history.ts';
import { folder } from '../folder.ts';

export const secret = 'a secret of at least thirty-two bytes';

/** A SQLite file with four sessions: `a` and `b` live with five entries, `c` lapsed, `d` ended. */
export async function kept(path = join(folder(), 'curfew.db')): Promise<string> {
  const database = openDatabase(path);
  const log = sqliteEventLog(database);
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
  database.close();
  return path;
}

/** A copy of a file as it is now. */
export function copyOf(path: string): string {
  const copy = join(folder(), 'copy.db');
  copyFileSync(path, copy);
  return copy;
}

/** Does to a file what somebody with a SQL prompt could do. */
export function tamper(path: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function on<Result>(path: string, work: (trail: Trail) => Promise<Result>): Promise<Result> {
  const database = openDatabase(path);
  try {
    return await work(sqliteTrail(database));
  } finally {
    database.close();
  }
}

/** A checkpoint of a file, as its lines. */
export async function checkpointOf(path: string, by?: Attestations, at = later(50)): Promise<readonly string[]> {
  const attestations = by ?? (await createAttestations(secret));
  return on(path, async (trail) => {
    const lines = [];
    for await (const line of makeCheckpoint(trail, attestations, at)) lines.push(line.trimEnd());
    return lines;
  });
}

/** What is found in a file: `code session/version`, in order, and how much was looked at. */
export async function looked(path: string, checkpoint?: readonly string[], by?: Attestations) {
  const attestations = by ?? (await createAttestations(secret));
  const findings: Finding[] = [];
  const verified = await on(path, (trail) =>
    verify({
      trail,
      attestations,
      report: (finding) => findings.push(finding),
      ...(checkpoint && {
        checkpoint: async function* () {
          yield* checkpoint;
        },
      }),
    }),
  );
  const found = findings.map(({ code, session, version }) => `${code} ${session ?? '–'}/${version ?? '–'}`);
  return { found, verified, findings };
}
