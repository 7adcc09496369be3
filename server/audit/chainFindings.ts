import { follows } from '../store/chain.ts';
import type { LogEntry } from '../store/eventLog.ts';
import { entryRow } from '../store/rows.ts';
import type { Finding } from './finding.ts';
import type { RawRow } from '../store/auditReader.ts';

/** What the rows of one stream hold, and what is wrong with their chain. */
export interface ChainExamined {
  /** All entries, unless one cannot be read. */
  readonly entries: readonly LogEntry[] | null;
  readonly findings: readonly Finding[];
}

const versionOf = (row: RawRow): number | null => (typeof row['version'] === 'number' ? row['version'] : null);

function read(row: RawRow): LogEntry | null {
  try {
    return entryRow.parse(row);
  } catch {
    return null;
  }
}

/** Where an entry stands that would follow here, `null` when there is none: then this one was edited. */
function elsewhere(entries: readonly LogEntry[], previousHash: string, version: number): number | null {
  const found = entries.find((entry) => entry.version !== version && follows(previousHash, { ...entry, version }));
  return found?.version ?? null;
}

/**
 * Looks for entries that were edited, deleted or reordered.
 *
 * @see ASVS 5.0 16.4.2
 */
export function examineChain(session: string, rows: readonly RawRow[]): ChainExamined {
  const found = rows.map((row) => ({ version: versionOf(row), entry: read(row) }));
  const findings: Finding[] = found
    .filter(({ entry }) => entry === null)
    .map(({ version }) => ({ code: 'entry_unreadable', session, version, what: 'cannot be read' }));
  if (findings.length > 0) return { entries: null, findings };

  const entries = found.flatMap(({ entry }) => entry ?? []);
  let next = 1;
  let hash = '';
  for (const entry of entries) {
    for (let version = next; version < entry.version; version++)
      findings.push({ code: 'entry_missing', session, version, what: 'is missing' });
    // What stands behind a gap cannot be judged by a hash that is gone.
    if (entry.version === next && !follows(hash, entry)) {
      const place = elsewhere(entries, hash, entry.version);
      findings.push(
        place === null
          ? { code: 'entry_edited', session, version: next, what: 'is not what was written: its hash is another' }
          : { code: 'entry_out_of_place', session, version: next, what: `stands where entry ${place} belongs` },
      );
    }
    next = entry.version + 1;
    ({ hash } = entry);
  }
  return { entries, findings };
}
