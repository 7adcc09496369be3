import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Attestations } from '../keys/attestations.ts';
import type { AuditReader } from '../store/auditReader.ts';

const pageSize = 500;

/** Where one session's log stood. */
export interface Head {
  readonly session: string;
  readonly version: number;
  readonly hash: string;
}

const headLine = z.strictObject({ session: z.string(), version: z.number(), hash: z.string() });
const closing = z.strictObject({ checkpoint: z.string() });

const statement = z.object({
  /** When it was made, epoch ms. */
  at: z.number(),
  sessions: z.number(),
  /** Of all sessions together. */
  entries: z.number(),
  /** How many sessions had been purged. */
  purged: z.number(),
  /** SHA-256 of all heads, a line each, as hex. */
  digest: z.string(),
});

/** What a checkpoint states of everything that was kept. */
export type Checkpoint = z.infer<typeof statement>;

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;
const digestOf = (hash: Hash): string => hash.digest('hex');

/**
 * Makes a checkpoint, line by line: where every session's log stands, by id, and at the end a signed statement over all
 * of it. Kept elsewhere, it shows later whether a log was cut off or rewritten, a whole session deleted, or the
 * database put back to an earlier time.
 *
 * @see ASVS 5.0 16.4.2
 */
export async function* makeCheckpoint(
  auditReader: AuditReader,
  attestations: Attestations,
  at: Instant,
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const count = { sessions: 0, entries: 0, purged: 0 };
  for (let after = '', more = true; more;) {
    const page = await auditReader.streams(after, pageSize);
    for (const { id, session, record } of page) {
      if (record !== null) count.purged += 1;
      if (!session) continue;
      const line = lineOf(headLine.parse({ session: id, version: session['version'], hash: session['hash'] }));
      digest.update(line);
      count.sessions += 1;
      count.entries += Number(session['version']);
      yield line;
    }
    more = page.length === pageSize;
    after = page.at(-1)?.id ?? after;
  }
  const whole: Checkpoint = { at, ...count, digest: digestOf(digest) };
  yield lineOf({ checkpoint: await attestations.sign('curfew-checkpoint+jws', whole) });
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return null;
  }
}

/** The heads of a checkpoint, by id. @throws when a line is none. */
async function* headsOf(lines: AsyncIterable<string>): AsyncGenerator<Head> {
  for await (const line of lines) {
    const value = parse(line);
    if (!closing.safeParse(value).success) yield headLine.parse(value);
  }
}

/** A checkpoint that was kept elsewhere. */
export interface KeptCheckpoint {
  readonly name: string;
  /** Its lines, from their beginning each time it is asked. */
  readonly lines: () => AsyncIterable<string>;
}

/** The heads of several checkpoints, session by session in the order of their ids. */
export async function* headsBySession(
  checkpoints: readonly KeptCheckpoint[],
): AsyncGenerator<{ readonly session: string; readonly heads: readonly Head[] }> {
  const begin = async (heads: AsyncGenerator<Head>) => {
    const next = await heads.next();
    return next.done ? [] : [{ heads, head: next.value }];
  };
  let open = (await Promise.all(checkpoints.map(({ lines }) => begin(headsOf(lines()))))).flat();
  while (open.length > 0) {
    const session = open.map(({ head }) => head.session).reduce((one, other) => (one < other ? one : other));
    const isOwn = ({ head }: { readonly head: Head }) => head.session === session;
    const own = open.filter(isOwn);
    yield { session, heads: own.map(({ head }) => head) };
    const others = open.filter((each) => !isOwn(each));
    open = [...others, ...(await Promise.all(own.map(({ heads }) => begin(heads)))).flat()];
  }
}

/**
 * Reads a checkpoint through.
 *
 * @returns what it states, or `null` when it was not signed with one of the keys, or is not as it was signed.
 */
export async function readCheckpoint(
  lines: AsyncIterable<string>,
  attestations: Attestations,
): Promise<Checkpoint | null> {
  const digest = createHash('sha256');
  let signed: string | null = null;
  for await (const line of lines) {
    if (signed !== null) return null;
    const last = closing.safeParse(parse(line));
    if (last.success) signed = last.data.checkpoint;
    else digest.update(`${line}\n`);
  }
  const read = statement.safeParse(signed === null ? null : await attestations.read('curfew-checkpoint+jws', signed));
  return read.success && read.data.digest === digestOf(digest) ? read.data : null;
}
