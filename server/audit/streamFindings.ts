import { nextDeadline, replay, seconds, type Entry, type SessionState } from '../../machines/index.ts';
import { commit, isSame } from '../store/chain.ts';
import type { LogEntry } from '../store/eventLog.ts';
import type { ChainExamined } from './chainFindings.ts';
import type { Finding } from './finding.ts';
import type { RawRow, RawStream } from '../store/auditReader.ts';

function* counted(entries: Iterable<Entry>, reach: (version: number) => void): Iterable<Entry> {
  for (const entry of entries) {
    reach(entry.version);
    yield entry;
  }
}

/** Replays a log. @returns the state, or the entry that these rules cannot have written. */
function replayed(session: string, entries: readonly LogEntry[]): SessionState | Finding {
  let version = 0;
  try {
    return replay(counted(entries, (reached) => (version = reached)));
  } catch (error) {
    const what = `cannot have happened: ${error instanceof Error ? error.message : String(error)}`;
    return { code: 'history_impossible', session, version, what };
  }
}

function contextOf(row: RawRow): unknown {
  try {
    return JSON.parse(String(row['context']));
  } catch {
    return null;
  }
}

/** How far the clocks of two nodes are apart at most; one that is further is not ready. */
const tolerance = seconds(2);

/**
 * Whether a row can have been admitted in the epoch that it names: all sessions of earlier epochs have ended at once, so
 * that one which names a later one than its own would be let in again.
 */
function isOfItsEpoch(row: RawRow, entries: readonly LogEntry[]): boolean {
  const admission = entries.findLast(({ type }) => type === 'session.started' || type === 'user.reauthenticated');
  const admittedAt = admission?.recordedAt ?? 0;
  const { epoch, epoch_at: from, next_epoch_at: until } = row;
  const isBegun = from === null ? epoch === 0 : Number(from) <= admittedAt + tolerance;
  return isBegun && (until === null || Number(until) >= admittedAt - tolerance);
}

/** The columns of a session's row that do not say what its log says. */
function editedColumns(row: RawRow, { leaf, context }: SessionState, entries: readonly LogEntry[]): readonly string[] {
  const due = nextDeadline({ leaf, context });
  const wanted: RawRow = {
    user: context.user,
    started_at: context.startedAt,
    leaf,
    due: due === Infinity ? null : due,
    ended_at: context.endedAt,
  };
  const edited = Object.entries(wanted).flatMap(([name, value]) => (row[name] === value ? [] : [name]));
  return [
    ...edited,
    ...(isSame(contextOf(row), context) ? [] : ['context']),
    ...(isOfItsEpoch(row, entries) ? [] : ['epoch']),
  ];
}

/** Compares where the row says that the session stands with where its log ends. */
function headFindings(session: string, row: RawRow, entries: readonly LogEntry[]): readonly Finding[] {
  const last = entries.at(-1);
  const end = last?.version ?? 0;
  const version = Number(row['version']);
  if (version > end)
    return [
      {
        code: 'entries_cut_off',
        session,
        version: end + 1,
        what: `is missing, with all up to ${version}: the log ends at ${end}`,
      },
    ];
  if (version < end)
    return [
      { code: 'entries_beyond_session', session, version: version + 1, what: `is beyond the session's own version` },
    ];
  if (last && row['hash'] !== last.hash)
    return [{ code: 'session_edited', session, version: null, what: `its row has another hash than its last entry` }];
  return [];
}

function deviceFindings(session: string, { device }: RawStream, [first]: readonly LogEntry[]): readonly Finding[] {
  if (!device || first?.version !== 1) return [];
  const { salt, user_agent: userAgent, address } = device;
  if (typeof salt === 'string' && commit(salt, { userAgent, address }) === first.data['device']) return [];
  const what = 'its personal data is not what the log has committed to';
  return [{ code: 'device_edited', session, version: null, what }];
}

/** What is wrong with one session that is kept: its row, its personal data, and whether its log can have happened. */
export function examineStream(stream: RawStream, { entries, findings }: ChainExamined): readonly Finding[] {
  const { id, session: row } = stream;
  if (row === null) {
    const what = `has ${entries?.length ?? 'unreadable'} entries or personal data, but no row`;
    return [...findings, { code: 'session_missing', session: id, version: null, what }];
  }
  if (entries === null) return findings;
  const all = [...findings, ...headFindings(id, row, entries), ...deviceFindings(id, stream, entries)];
  if (findings.length > 0 || entries.length === 0) return all;

  const state = replayed(id, entries);
  if ('code' in state) return [...all, state];
  if (Number(row['version']) !== state.context.version) return all;
  const edited = editedColumns(row, state, entries);
  if (edited.length === 0) return all;
  const what = `its row is not what its log leads to: ${edited.join(', ')}`;
  return [...all, { code: 'session_edited', session: id, version: null, what }];
}
