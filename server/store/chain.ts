import { hash as digestOf } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Entry, Instant } from '../../machines/index.ts';
import type { LogEntry } from './eventLog.ts';

const sha256 = (...texts: readonly string[]): string => digestOf('sha256', texts.join(''), 'hex');

/** One text for one value, whatever wrote it. @see RFC 8785 */
function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('only values that JSON can hold have a canonical form');
  return text;
}

/** SHA-256 of the previous hash (hex, empty for the first) followed by the entry in canonical JSON, as hex. */
function hashOf(previousHash: string, entry: Omit<LogEntry, 'hash'>): string {
  const { version, type, at, recordedAt, from, to, data, rules } = entry;
  // Numbers and plain texts are written as in any JSON: only the order of the members and what is in `data` are to be seen to.
  const frame = JSON.stringify({ from, recordedAt, rules, to, type, version });
  return sha256(previousHash, `{"at":${JSON.stringify(at)},"data":${canonical(data)},${frame.slice(1)}`);
}

/**
 * Chains new entries to a stream whose last hash is given ('' for a new stream).
 *
 * @see ASVS 5.0 16.4.2
 */
export function chain(previousHash: string, entries: readonly Entry[], recordedAt: Instant): readonly LogEntry[] {
  let hash = previousHash;
  return entries.map((entry) => {
    hash = hashOf(hash, { ...entry, recordedAt });
    return { ...entry, recordedAt, hash };
  });
}

/** Whether an entry is what was written after the entry with the hash given ('' before the first). */
export const follows = (previousHash: string, entry: LogEntry): boolean => entry.hash === hashOf(previousHash, entry);

/** Whether two values have the same canonical JSON. */
export const isSame = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/** Where a part of a stream stands: what came before it, and what is known to be its end. */
export interface ChainEnds {
  /** The version and the hash of the entry before the first one given; by default the stream's beginning. */
  readonly after?: { readonly version: number; readonly hash: string };
  /** The version and the hash the stream is known to end with; without it a cut-off end goes unnoticed. */
  readonly last?: { readonly version: number; readonly hash: string };
}

/**
 * Checks that nothing was edited, deleted, reordered or cut off.
 *
 * @returns the index of the first entry that does not follow from those before it (the length of the list when its end
 * is missing), `null` when the chain is whole.
 * @see ASVS 5.0 16.4.2
 */
export function verifyChain(entries: readonly LogEntry[], { after, last }: ChainEnds = {}): number | null {
  let { version, hash } = after ?? { version: 0, hash: '' };
  for (const [index, entry] of entries.entries()) {
    if (entry.version !== version + 1 || entry.hash !== hashOf(hash, entry)) return index;
    ({ version, hash } = entry);
  }
  return last && (last.version !== version || last.hash !== hash) ? entries.length : null;
}

/**
 * A commitment to personal data: the log holds it in place of the data, which can then be erased while the chain still
 * verifies. The salt (16 random bytes or more, as text) keeps the data from being guessed.
 */
export const commit = (salt: string, data: object): string => sha256(salt, canonical(data));
