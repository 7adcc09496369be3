import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duration, Instant } from '../../machines/index.ts';
import type { LogLine } from '../session/logLine.ts';
import type { Attestations } from '../keys/attestations.ts';
import { makeCheckpoint } from './checkpoint.ts';
import type { AuditReader } from '../store/auditReader.ts';

/** Where checkpoints are kept, and how often one is made. */
export interface CheckpointFolder {
  readonly path: string;
  /** In ms. */
  readonly every: Duration;
}

/** What keeping checkpoints takes. */
export interface CheckpointDependencies {
  readonly auditReader: AuditReader;
  readonly attestations: Attestations;
  readonly clock: () => Instant;
  readonly write: (line: LogLine) => void;
  /** `null`: none are made. */
  readonly checkpoints: CheckpointFolder | null;
}

const ending = '.ndjson';

/** What the names of all checkpoints of one period begin with; later ones sort behind earlier ones. */
const periodOf = (at: Instant, every: Duration): string =>
  new Date(Math.floor(at / every) * every).toISOString().replaceAll(':', '-');

/** Writes a file that is there whole or not at all. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const draft = `${path}.part`;
  try {
    await writeFile(draft, lines, { flag: 'wx', mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

const making = new WeakSet<AuditReader>();

/**
 * Makes the checkpoint of this period unless there is one. Each has a name of its own, so that of several nodes on one
 * folder none replaces what another has signed; two that are faster than one another make two, and both are good.
 *
 * @see ASVS 5.0 16.4.2
 */
export async function keepCheckpoint({
  auditReader,
  attestations,
  clock,
  write,
  checkpoints,
}: CheckpointDependencies): Promise<void> {
  if (checkpoints === null || making.has(auditReader)) return;
  making.add(auditReader);
  try {
    const at = clock();
    const period = periodOf(at, checkpoints.every);
    if ((await checkpointsIn(checkpoints.path)).some((name) => name.startsWith(period))) return;
    const file = `${period}.${randomBytes(6).toString('hex')}${ending}`;
    await writeWhole(join(checkpoints.path, file), makeCheckpoint(auditReader, attestations, at));
    write({ msg: 'checkpoint', file });
  } finally {
    making.delete(auditReader);
  }
}

/** The names of the checkpoints in a folder, oldest first. */
export const checkpointsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(ending)).toSorted();

/** Makes the folder unless it is there. @throws when it cannot be written. */
export async function prepareFolder({ path }: CheckpointFolder): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await access(path, constants.W_OK);
}
