import type { EventLogQueries, SessionQuery, Stored } from '../store/eventLog.ts';
import { isUnended, presentLeaf, storedColumns } from '../sql/revocations.ts';
import { accountRow, entryRow, storedRow } from '../store/rows.ts';
import type { PostgresDatabase } from './connection.ts';
import { everything, sessionSubject, unconfirmed, type Settle } from './narrowing.ts';

const account = `
  with everybody as (select coalesce(max(epoch), 0) as epoch, max(at) as at from revocations)
  select coalesce(auth_epoch, 0) + epoch as auth_epoch, coalesce(admissions, 0) as admissions,
    greatest(revoked_at, everybody.at) as revoked_at
  from everybody left join accounts on user_id = $1`;

/** Who has read what narrows has seen it: nobody is to be let in by a copy of before from then on. */
const load = `
  select loaded.*, exists (select 1 ${unconfirmed(`subject in ('s:' || $1::text, '${everything}')`)}) as unsettled
  from (${storedColumns} where sessions.id = $1) as loaded`;

/** There is a row even where there are no sessions: that there are none any more is seen, too. */
const ofUser = (wanted: string) => `
  select loaded.*, unsettled
  from (select exists (select 1 ${unconfirmed(`(user_id = $1 or subject = '${everything}')`)}) as unsettled) as state
  left join (${storedColumns} where user_id = $1 and ${wanted}) as loaded on true
  order by (select started_at from sessions where sessions.id = loaded.id) desc, id`;

/** @returns a page of sessions, of all users where the user is `null`. */
export async function pageOf(
  database: Pick<PostgresDatabase, 'query'>,
  user: string | null,
  { leaves, after }: SessionQuery,
  limit: number,
): Promise<readonly Stored[]> {
  const { rows } = await database.query(
    `${storedColumns}
     where ($1::text is null or user_id = $1) and ($2::text[] is null or ${presentLeaf} = any($2))
       and ($3::double precision is null or started_at < $3 or (started_at = $3 and id > $4))
     order by started_at desc, id limit $5`,
    [user, leaves ?? null, after?.startedAt ?? null, after?.id ?? null, limit],
  );
  return rows.map((row) => storedRow.parse(row));
}

/**
 * Finds sessions in PostgreSQL.
 *
 * @param settle is waited for where a copy of before may still be somewhere
 */
export function postgresQueries(database: Pick<PostgresDatabase, 'query'>, settle: Settle): EventLogQueries {
  async function settleUser(user: string): Promise<void> {
    const { rows } = await database.query('select distinct subject from curfew_narrowings where user_id = $1', [user]);
    await settle([...rows.map(({ subject }) => String(subject)), everything]);
  }

  return {
    async load(id) {
      const { rows } = await database.query(load, [id]);
      if (rows[0]?.['unsettled'] === true) await settle([sessionSubject(id), everything]);
      return rows[0] ? storedRow.parse(rows[0]) : null;
    },

    async read(id, after, limit) {
      const { rows } = await database.query(
        `select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
         where stream = $1 and version > $2 order by version limit $3`,
        [id, after, limit],
      );
      return rows.map((row) => entryRow.parse(row));
    },

    async sessionsOf(user, endedSince) {
      const wanted = endedSince === undefined ? isUnended : `(${isUnended} or ended_at >= $2 or revocations.at >= $2)`;
      const { rows } = await database.query(ofUser(wanted), endedSince === undefined ? [user] : [user, endedSince]);
      if (rows[0]?.['unsettled'] === true) await settleUser(user);
      return rows.filter(({ id }) => id !== null).map((row) => storedRow.parse(row));
    },

    async pageOf(user, query, limit) {
      return pageOf(database, user, query, limit);
    },

    async account(user) {
      const { rows } = await database.query(account, [user]);
      return accountRow.parse(rows[0]);
    },
  };
}
