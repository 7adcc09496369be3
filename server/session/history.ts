import { z } from 'zod';
import { replay } from '../../machines/index.ts';
import type { LogEntry } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';

const pageSize = 1_000;

/** What a request for a page of a log says: `after` is the last version that is known. */
export const paging = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a version')
    .default('0')
    .transform(Number),
});

async function entriesUpTo(
  { log }: Pick<SessionDependencies, 'log'>,
  id: string,
  end: number,
): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = [];
  while (all.length < end) {
    const page = await log.read(id, all.length, pageSize);
    all.push(...page);
    if (page.length < pageSize) break;
  }
  return all.slice(0, end);
}

/** A page of a session's log, at most 1,000 entries, with where the session was at its last one. */
export async function historyOf(parts: Pick<SessionDependencies, 'log'>, id: string, after: number) {
  const all = await entriesUpTo(parts, id, after + pageSize + 1);
  const shown = all.slice(0, after + pageSize);
  return {
    events: shown.slice(after),
    ...(all.length > shown.length && { next: shown.length }),
    replay: replay(shown),
  };
}
