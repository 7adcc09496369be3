import { setImmediate as nextTurn } from 'node:timers/promises';
import { days, type Duration, type Instant } from '../../machines/index.ts';
import type { LogLine } from './logLine.ts';
import { verifyChain } from '../store/chain.ts';
import type { EventLog, LogEntry, Stored } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import type { Attestations } from '../keys/attestations.ts';
import { signPurge } from './purgeRecord.ts';

/** As long as ended sessions are shown to their user. */
export const defaultRetention: Duration = days(90);

const batch = 20;
const pageSize = 1_000;

/** What a purge needs. */
export interface RetentionDependencies {
  readonly log: EventLog;
  readonly overview: Pick<Overview, 'ended'>;
  readonly attestations: Attestations;
  readonly clock: () => Instant;
  readonly write: (line: LogLine) => void;
  /** How long ended sessions and their logs are kept, in ms. */
  readonly retention: Duration;
  /** Once aborted, no further session is erased. */
  readonly stopping?: AbortSignal;
}

async function isWhole(log: EventLog, { id, state, hash }: Stored): Promise<boolean> {
  const entries: LogEntry[] = [];
  try {
    for (;;) {
      const page = await log.read(id, entries.length, pageSize);
      entries.push(...page);
      await nextTurn();
      if (page.length < pageSize) break;
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    // An entry that cannot even be read was not written like that.
    return false;
  }
  return verifyChain(entries, { last: { version: state.context.version, hash } }) === null;
}

/**
 * Erases sessions that ended longer ago than the retention, batch by batch, and leaves a signed record in the place of
 * each session. Lets the event loop turn between two sessions. What has been tampered with is evidence: it stays, with
 * a line in the log.
 *
 * @returns how many sessions were erased.
 */
export async function purgeEnded(parts: RetentionDependencies): Promise<number> {
  const { log, overview, attestations, clock, write, retention, stopping } = parts;
  const purgedAt = clock();
  let purged = 0;
  let after: { endedAt: Instant; id: string } | undefined;
  for (;;) {
    const ended = await overview.ended(purgedAt - retention, batch, after);
    const purges = [];
    for (const stored of ended) {
      const { id, hash, state } = stored;
      const { version, endedAt } = state.context;
      if (endedAt === null) continue;
      after = { endedAt, id };
      if (!(await isWhole(log, stored))) {
        write({ msg: 'tampered', level: 'error', session: id });
        continue;
      }
      purges.push({
        id,
        version,
        record: await signPurge(attestations, { session: id, version, hash, endedAt, purgedAt }),
      });
    }
    purged += (await log.purge(purges)).length;
    if (ended.length < batch || stopping?.aborted) return purged;
  }
}
