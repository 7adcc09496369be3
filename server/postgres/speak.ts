import { z } from 'zod';
import { seconds, type Duration } from '../../machines/index.ts';
import { ownName } from './address.ts';
import type { Query } from './connection.ts';
import { nodesChannel, outsiders } from './narrowing.ts';

/** What nodes have agreed on. It is raised when a version knows of others what this one does not. */
const protocol = 1;

/** How long there is no lease after a writer that takes no part, in ms: each time it writes it waits for every lease. */
const outsidersStay: Duration = seconds(60);

/** A snapshot of before everything. @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT */
export const beginning = '1:1:';

/** What a node says. */
export interface Saying {
  readonly id: string;
  /** What everybody hears of it. */
  readonly payload: string;
  /** How long a lease it asks for, in ms; 0 for none. */
  readonly lease: Duration;
  /** What it has seen until now, and has no copies of: as it was answered the last time. */
  readonly seen: string;
  /** Whether it has to be on every disk that a commit has to be on. */
  readonly isDurable: boolean;
}

/** What it learns by that. */
export interface Answered {
  readonly seen: string;
  /** What others have narrowed since. */
  readonly subjects: readonly string[];
  /** Whether it may have a lease: nobody is about who takes no part, and it is known itself as one that does. */
  readonly mayHaveLease: boolean;
  /** Which history of the database this is; another one after each failover. */
  readonly timeline: string;
  /** How long ago this server has become the primary in the place of another, in ms; `null` for no other that is known. */
  readonly tookOver: Duration | null;
}

const narrowedSince = (seen: string): string => `
  select subject from curfew_narrowings
  where node is distinct from $1 and xid >= pg_snapshot_xmin(${seen}) and not pg_visible_in_snapshot(xid, ${seen})`;

const subjectsAndSeen = `
  coalesce((select array_agg(distinct subject) from narrowed), '{}') as subjects, pg_current_snapshot()::text as seen`;

// One statement has everybody hear it, says what was seen, reads what has narrowed since then, and renews the lease. What it
// reads is said by the next one: nobody may rely on it before it has got here.
const statement = `
  with told as (
    select pg_notify('${nodesChannel}', $5), set_config('synchronous_commit',
      case when $6 then current_setting('synchronous_commit') else 'off' end, true)
  ), registered as (
    insert into curfew_nodes (id, protocol, lease_end, seen)
    values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', $4)
    on conflict (id) do update set lease_end = greatest(curfew_nodes.lease_end, excluded.lease_end), seen = excluded.seen
  ), here as (
    select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline
  ), met as (
    insert into curfew_timelines (name) select timeline from here on conflict do nothing
  ), narrowed as (
    ${narrowedSince('$4')}
  )
  select ${subjectsAndSeen},
    exists (select 1 from curfew_narrowings where subject = '${outsiders}'
      and at > clock_timestamp() - $7 * interval '1 millisecond') as are_outsiders,
    current_setting('application_name') as name, timeline,
    case when exists (select 1 from curfew_timelines where name <> timeline) then coalesce((
      select (extract(epoch from clock_timestamp() - met_at) * 1000)::double precision from curfew_timelines where name = timeline
    ), 0) end as took_over
  from told, here`;

const answeredRow = z
  .object({
    seen: z.string(),
    subjects: z.array(z.string()),
    are_outsiders: z.boolean(),
    name: z.string(),
    timeline: z.string(),
    took_over: z.number().nullable(),
  })
  .transform(({ seen, subjects, are_outsiders: areOutsiders, name, timeline, took_over: tookOver }): Answered => {
    const isKnown = name === ownName || name.startsWith(`${ownName} `);
    return { seen, subjects, mayHaveLease: isKnown && !areOutsiders, timeline, tookOver };
  });

/** Speaks to the database and to every node. */
export async function speak(query: Query, { id, payload, lease, seen, isDurable }: Saying): Promise<Answered> {
  const { rows } = await query(statement, [id, protocol, lease, seen, payload, isDurable, outsidersStay]);
  return answeredRow.parse(rows[0]);
}

const learntRow = z.object({ seen: z.string(), subjects: z.array(z.string()) });

/** Reads what others have narrowed. @param seen as it was answered the last time */
export async function readNarrowings(
  query: Query,
  id: string,
  seen: string,
): Promise<Pick<Answered, 'seen' | 'subjects'>> {
  const { rows } = await query(`with narrowed as (${narrowedSince('$2::pg_snapshot')}) select ${subjectsAndSeen}`, [
    id,
    seen,
  ]);
  return learntRow.parse(rows[0]);
}

/** Erases what every node with a lease has seen, and nodes that are gone. @param seen by this node, some time ago */
export async function purgeNarrowings(query: Query, seen: string): Promise<void> {
  await query(
    `with gone as (delete from curfew_nodes where lease_end < clock_timestamp() - interval '1 minute')
     delete from curfew_narrowings where (pg_visible_in_snapshot(xid, $1) or xid >= pg_snapshot_xmax(pg_current_snapshot()))
       and (subject <> '${outsiders}' or at < clock_timestamp() - $2 * interval '1 millisecond')`,
    [seen, outsidersStay],
  );
}

/** A node is gone. */
export async function unregister(query: Query, id: string): Promise<void> {
  await query('delete from curfew_nodes where id = $1', [id]);
}
