import type { Attestations } from '../keys/attestations.ts';
import { examineChain } from './chainFindings.ts';
import { headsBySession, readCheckpoint, type Head, type KeptCheckpoint } from './checkpoint.ts';
import type { Finding } from './finding.ts';
import { readPurge } from '../session/purgeRecord.ts';
import { examineStream } from './streamFindings.ts';
import type { RawRow, RawStream, AuditReader } from '../store/auditReader.ts';

const pageSize = 500;
const attempts = 5;

/** What was looked at. */
export interface Verified {
  readonly sessions: number;
  readonly entries: number;
  readonly purged: number;
  readonly findings: number;
}

/** What to verify, and against what. */
export interface VerifyOptions {
  readonly auditReader: AuditReader;
  readonly attestations: Attestations;
  /** Checkpoints that were kept elsewhere. */
  readonly checkpoints?: readonly KeptCheckpoint[];
  /** Called with each finding. */
  readonly report: (finding: Finding) => void;
}

async function rowsOf(auditReader: AuditReader, id: string): Promise<readonly RawRow[]> {
  const rows: RawRow[] = [];
  for (;;) {
    const page = await auditReader.entries(id, Number(rows.at(-1)?.['version'] ?? 0), pageSize);
    rows.push(...page);
    if (page.length < pageSize) return rows;
  }
}

const isAttested = (hash: unknown, { hash: attested }: Head): boolean => hash === attested;

/** Compares a session with where a checkpoint says that its log stood. */
async function against(head: Head, stream: RawStream | null, rows: readonly RawRow[], by: Attestations) {
  const at = (code: Finding['code'], what: string): readonly Finding[] => [
    { code, session: head.session, version: head.version, what: `${what}: the checkpoint attests ${head.version}` },
  ];
  const record = stream?.record ?? null;
  if (record !== null) {
    const purge = await readPurge(by, head.session, record);
    if (!purge) return [];
    if (purge.version < head.version) return at('stream_cut_off', `was purged at version ${purge.version}`);
    return purge.version > head.version || isAttested(purge.hash, head)
      ? []
      : at('stream_rewritten', 'was purged with another hash');
  }
  if (rows.length === 0) return at('stream_deleted', 'is gone without a record of a purge');
  const found = rows.find((row) => row['version'] === head.version);
  if (!found) return at('stream_cut_off', 'is missing');
  return isAttested(found['hash'], head) ? [] : at('stream_rewritten', 'has another hash');
}

/** Compares with several attested states; of several findings with one code, the one of the newest state is kept. */
async function againstAll(heads: readonly Head[], stream: RawStream | null, rows: readonly RawRow[], by: Attestations) {
  const found = new Map<Finding['code'], Finding>();
  for (const head of heads.toSorted((one, other) => one.version - other.version))
    for (const finding of await against(head, stream, rows, by)) found.set(finding.code, finding);
  return [...found.values()];
}

async function examine(
  { auditReader, attestations }: VerifyOptions,
  stream: RawStream,
  heads: readonly Head[],
): Promise<{ findings: readonly Finding[]; entries: number }> {
  const rows = await rowsOf(auditReader, stream.id);
  const attested = await againstAll(heads, stream, rows, attestations);
  if (stream.record === null)
    return { findings: [...examineStream(stream, examineChain(stream.id, rows)), ...attested], entries: rows.length };

  const findings: Finding[] = [...attested];
  const about = { session: stream.id, version: null };
  if (!(await readPurge(attestations, stream.id, stream.record)))
    findings.push({
      code: 'record_invalid',
      ...about,
      what: 'the record of its purge is not one that was signed here',
    });
  if (stream.session || stream.device || rows.length > 0)
    findings.push({ code: 'purged_but_present', ...about, what: 'was purged, and something of it is there' });
  return { findings, entries: rows.length };
}

/** Examines a session again for as long as it goes on changing while it is looked at. */
async function settled(options: VerifyOptions, found: RawStream, heads: readonly Head[]) {
  let stream = found;
  for (let attempt = 1; ; attempt++) {
    const examined = await examine(options, stream, heads);
    if (examined.findings.length === 0 || attempt === attempts) return examined;
    const now = await options.auditReader.stream(found.id);
    if (!now || (now.record === stream.record && now.session?.['version'] === stream.session?.['version']))
      return examined;
    stream = now;
  }
}

/**
 * Reads everything that is kept, and against checkpoints if there are any, and reports every entry that was edited,
 * deleted, reordered or cut off, every session that is not what its log leads to, and whatever is gone without a purge.
 * What is appended meanwhile does not disturb it.
 *
 * @see ASVS 5.0 16.4.2
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { auditReader, attestations, checkpoints = [] } = options;
  const count = { sessions: 0, entries: 0, purged: 0, findings: 0 };
  const report = (finding: Finding) => {
    count.findings += 1;
    options.report(finding);
  };
  const reportAll = (code: Finding['code'], what: string) => report({ code, session: null, version: null, what });

  const trusted: KeptCheckpoint[] = [];
  let attestedPurged = 0;
  for (const checkpoint of checkpoints) {
    const attested = await readCheckpoint(checkpoint.lines(), attestations);
    if (attested) trusted.push(checkpoint);
    else reportAll('checkpoint_invalid', `the checkpoint ${checkpoint.name} is not one that was signed here`);
    attestedPurged = Math.max(attestedPurged, attested?.purged ?? 0);
  }
  const attested = headsBySession(trusted);
  let next = await attested.next();

  const gone = async (isBefore: (session: string) => boolean) => {
    while (!next.done && isBefore(next.value.session)) {
      for (const finding of await againstAll(next.value.heads, null, [], attestations)) report(finding);
      next = await attested.next();
    }
  };

  for (let after = '', more = true; more;) {
    const page = await auditReader.streams(after, pageSize);
    for (const stream of page) {
      await gone((session) => session < stream.id);
      const own = !next.done && next.value.session === stream.id ? next.value.heads : [];
      if (own.length > 0) next = await attested.next();
      const { findings, entries } = await settled(options, stream, own);
      for (const finding of findings) report(finding);
      count.entries += entries;
      if (stream.record === null) count.sessions += 1;
      else count.purged += 1;
    }
    more = page.length === pageSize;
    after = page.at(-1)?.id ?? after;
  }
  await gone(() => true);
  if (count.purged < attestedPurged)
    reportAll('records_deleted', `${count.purged} records of purges are there, a checkpoint attests ${attestedPurged}`);
  return count;
}
