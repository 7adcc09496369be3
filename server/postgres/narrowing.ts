import { z } from 'zod';
import { isLive, type Duration, type Entry } from '../../machines/index.ts';
import type { Change } from '../store/eventLog.ts';
import type { PostgresDatabase, Query } from './connection.ts';

/** Where nodes tell each other that there is something to look at, and that they have looked. */
export const nodesChannel = 'curfew_nodes';

/** What asks every node to look. */
export const look = 'look';

/** All sessions and all users. */
export const everything = '*';

/** Writers who take no part were here. */
export const outsiders = '!';

export const sessionSubject = (id: string): string => `s:${id}`;
export const userSubject = (user: string): string => `u:${user}`;

/** After these a session can do no less than before: a copy of before only asks too early. */
const widening: ReadonlySet<Entry['type']> = new Set([
  'session.started',
  'clock.reached',
  'activity.seen',
  'lease.taken',
  'session.extended',
  'token.rotated',
  'token.replayed',
  'warning.shown',
  'client.heard',
] as const);

/** Whether somebody may be let in by a copy of before who must not be let in any more. */
export const narrows = ({ expected, entries }: Pick<Change, 'expected' | 'entries'>): boolean =>
  expected > 0 &&
  entries.some(({ type, from, to }) => (isLive(to) ? !widening.has(type) : from === null || isLive(from)));

/** What notes that users have narrowed, beside the statement that does it: `user_id` of the rows of a table. */
export const noteUsers = (table: string): string =>
  `insert into curfew_narrowings (subject, user_id) select 'u:' || user_id, user_id from ${table}`;

/** The nodes that may still have copies of before, of what `narrowings` says of some subjects. */
export const unconfirmed = (subjects: string): string => `
  from curfew_narrowings, curfew_nodes
  where ${subjects} and curfew_nodes.id is distinct from curfew_narrowings.node and lease_end > clock_timestamp()
    and not pg_visible_in_snapshot(curfew_narrowings.xid, curfew_nodes.seen)`;

const waitRow = z.object({ rest: z.number().nullable() });

/** How long to wait for nodes that were asked to look, in ms: one that is asked answers sooner. */
const pause: Duration = 20;

/** Waits until no node has copies of before any more. */
export type Settle = (subjects: readonly string[]) => Promise<void>;

/**
 * @param heard resolves when a node has said that it has looked, or after the given time in ms
 * @returns what asks every node that may have copies of what has narrowed to look, and waits until each has, or its lease
 *   has run out. It rejects with `StoreUnavailable` when the database does not answer: then nobody may be told.
 */
export function settler(
  { query }: Pick<PostgresDatabase, 'query'>,
  heard = (ms: Duration) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
): Settle {
  const ask = (within: Query, subjects: readonly string[]) =>
    within(
      `with waiting as (
         select (extract(epoch from max(lease_end) - clock_timestamp()) * 1000)::double precision as rest
         ${unconfirmed('subject = any($1)')}
       ), asked as (
         select pg_notify('${nodesChannel}', '${look}'), set_config('synchronous_commit', 'off', true)
         from waiting where rest is not null
       )
       select rest, (select count(*) from asked) as asked from waiting`,
      [subjects],
    );
  return async (subjects) => {
    if (subjects.length === 0) return;
    for (;;) {
      const { rest } = waitRow.parse((await ask(query, subjects)).rows[0]);
      if (rest === null) return;
      await heard(Math.max(1, Math.min(pause, rest)));
    }
  };
}
