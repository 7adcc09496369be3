import type { EventLog } from '../store/eventLog.ts';
import { sessionAnnouncements } from './announcements.ts';
import { postgresAppend } from './append.ts';
import type { PostgresDatabase } from './connection.ts';
import { settler } from './narrowing.ts';
import type { Membership } from './membership.ts';
import { postgresPurge } from './purge.ts';
import { postgresQueries } from './queries.ts';

/**
 * Keeps sessions in PostgreSQL: one row for the present state of each session, one for each entry of its log. Nothing is
 * kept in memory here; what is acknowledged holds on all nodes at once, for no other has a copy that lets in more.
 *
 * @param node default one that keeps no copies
 * @param warn takes what an operator should know; default nobody is told
 * @param committed is told how many appends have shared each commit; default nobody is told
 */
export function postgresEventLog(
  database: PostgresDatabase,
  node: Pick<Membership, 'id' | 'settle'> = { id: '', settle: settler(database) },
  warn: (warning: string) => void = () => {},
  committed: (appends: number) => void = () => {},
): EventLog {
  const announcements = sessionAnnouncements(database, warn);
  return {
    ...postgresAppend(database, { ...announcements, ...node, committed }),
    ...postgresQueries(database, node.settle),
    ...postgresPurge(database),
    subscribe: announcements.subscribe,
  };
}
