import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Instant } from '../../machines/index.ts';
import type { Attestations } from '../keys/attestations.ts';
import { sessionEstablishedToken, sessionRevokedToken } from '../audit/caep.ts';
import { makeCheckpoint, type KeptCheckpoint } from '../audit/checkpoint.ts';
import { checkpointsIn } from '../audit/checkpoints.ts';
import type { Finding } from '../audit/finding.ts';
import { lineOf } from '../audit/line.ts';
import { beginningAt, readPosition, type Position } from '../audit/position.ts';
import { recorded } from '../audit/recorded.ts';
import type { AuditReader } from '../store/auditReader.ts';
import { verify } from '../audit/verify.ts';
import { readTime } from './readTime.ts';

/** What an audit looks at, and where its lines go. */
export interface AuditDependencies {
  readonly auditReader: AuditReader;
  readonly attestations: Attestations;
  readonly clock: () => Instant;
  /** Takes a line without its end; resolves when there is room for the next. */
  readonly out: (line: string) => Promise<void>;
}

/** How to use it. */
export const usage = [
  'npm run audit -- verify [--checkpoint FILE | --checkpoint FOLDER] [--keys FILE]',
  'npm run audit -- checkpoint [--out FILE]',
  'npm run audit -- export [--format owasp|caep] [--since TIME | --after POSITION] [--limit N] [--audience NAME] [--out FILE]',
  'npm run audit -- keys [--out FILE]',
].join('\n');

/** An argument that cannot be. */
export class WrongArgument extends Error {
  override readonly name = 'WrongArgument';
}

const options = {
  checkpoint: { type: 'string' },
  keys: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string', default: 'owasp' },
  since: { type: 'string' },
  after: { type: 'string' },
  limit: { type: 'string' },
  audience: { type: 'string', default: 'curfew' },
} as const;

/** Reads the arguments. @throws `WrongArgument` */
export function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const [command = ''] = positionals;
    if (positionals.length !== 1) throw new WrongArgument(usage);
    return { command, ...values };
  } catch (error) {
    throw error instanceof WrongArgument ? error : new WrongArgument(usage, { cause: error });
  }
}

/** What was asked for. */
export type AuditArguments = ReturnType<typeof readArguments>;

/** Whether something is signed, or read without the public keys of its signer: then the server's secret is needed. */
export const needsSecret = ({ command, format, keys }: AuditArguments): boolean =>
  command === 'export' ? format === 'caep' : command !== 'verify' || keys === undefined;

function startOf({ since, after }: AuditArguments): Position {
  if (after !== undefined) {
    const position = readPosition(after);
    if (!position) throw new WrongArgument(`--after ${JSON.stringify(after)} is no position of an exported line`);
    return position;
  }
  const at = since === undefined ? 0 : readTime(since);
  if (at === null) throw new WrongArgument(`--since ${JSON.stringify(since)} is no time such as 2026-01-31T09:00Z`);
  return beginningAt(at);
}

function limitOf({ limit = 'Infinity' }: AuditArguments): number {
  const count = Number(limit);
  if (!(count > 0)) throw new WrongArgument(`--limit ${JSON.stringify(limit)} is no number above 0`);
  return count;
}

const tokenOf = async (...asked: Parameters<typeof sessionRevokedToken>): Promise<string | null> =>
  (await sessionRevokedToken(...asked)) ?? sessionEstablishedToken(...asked);

async function exportLines(
  { auditReader, attestations, out }: AuditDependencies,
  asked: AuditArguments,
): Promise<void> {
  const [start, limit] = [startOf(asked), limitOf(asked)];
  if (asked.format !== 'owasp' && asked.format !== 'caep') throw new WrongArgument('--format is owasp or caep');
  let count = 0;
  for await (const one of recorded(auditReader, start)) {
    const line = asked.format === 'owasp' ? lineOf(one) : await tokenOf(attestations, one, asked.audience);
    if (line === null) continue;
    await out(line);
    count += 1;
    if (count >= limit) return;
  }
}

const inWords = ({ code, session, version, what }: Finding): string => {
  const where = [
    ...(session === null ? [] : [`session ${session}`]),
    ...(version === null ? [] : [`entry ${version}`]),
  ];
  return [code, ...where].join(' ').concat(`: ${what}`);
};

/** The checkpoint of a file, or all that are in a folder. @throws `WrongArgument` */
async function keptAt(path: string): Promise<readonly KeptCheckpoint[]> {
  const lines = (file: string) => () => createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  if (!statSync(path).isDirectory()) return [{ name: path, lines: lines(path) }];
  const names = await checkpointsIn(path);
  if (names.length === 0)
    throw new WrongArgument(`--checkpoint ${JSON.stringify(path)} is a folder without checkpoints`);
  return names.map((name) => ({ name, lines: lines(join(path, name)) }));
}

async function verifyAll(
  { auditReader, attestations, out }: AuditDependencies,
  path: string | undefined,
): Promise<0 | 1> {
  const found: string[] = [];
  const verified = await verify({
    auditReader,
    attestations,
    report: (finding) => found.push(inWords(finding)),
    checkpoints: path === undefined ? [] : await keptAt(path),
  });
  for (const line of found) await out(line);
  const { sessions, entries, purged, findings } = verified;
  const verdict =
    findings === 0 ? 'nothing is wrong' : `${findings} ${findings === 1 ? 'thing is' : 'things are'} wrong`;
  await out(`${sessions} sessions, ${entries} entries, ${purged} purged: ${verdict}`);
  return findings === 0 ? 0 : 1;
}

/**
 * Does what was asked for.
 *
 * @returns the exit code: 1 when something is wrong with what is kept.
 * @throws `WrongArgument`
 */
export async function runAudit(parts: AuditDependencies, asked: AuditArguments): Promise<0 | 1> {
  switch (asked.command) {
    case 'verify':
      return verifyAll(parts, asked.checkpoint);
    case 'checkpoint':
      for await (const line of makeCheckpoint(parts.auditReader, parts.attestations, parts.clock()))
        await parts.out(line.trimEnd());
      return 0;
    case 'export':
      await exportLines(parts, asked);
      return 0;
    case 'keys':
      await parts.out(JSON.stringify({ keys: parts.attestations.publicKeys }));
      return 0;
    default:
      throw new WrongArgument(usage);
  }
}
