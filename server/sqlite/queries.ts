import type { AdmissionState, EventLogQueries, SessionQuery } from '../store/eventLog.ts';
import { isUnended, presentLeaf, storedColumns } from '../sql/revocations.ts';
import { accountRow, entryRow, storedRow } from '../store/rows.ts';
import type { Database } from './database.ts';

/** A page of sessions. Two texts, for the plan is made before it is known whether there is a user, whose sessions an index finds. */
export const pageWhere = (whose: 'user = ?1' | '?1 is null'): string => `${storedColumns}
  where ${whose} and (?2 is null or ${presentLeaf} in (select value from json_each(?2)))
    and (?3 is null or started_at < ?3 or (started_at = ?3 and id > ?4))
  order by started_at desc, id limit ?5`;

/** What a page is asked for with, after the user. */
export const pageArguments = ({ leaves, after }: SessionQuery, limit: number) =>
  [leaves === undefined ? null : JSON.stringify(leaves), after?.startedAt ?? null, after?.id ?? null, limit] as const;

function prepare(database: Database) {
  return {
    load: database.prepare(`${storedColumns} where id = ?`),
    read: database.prepare(`
      select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
      where stream = ? and version > ? order by version limit ?`),
    live: database.prepare(`${storedColumns} where user = ? and ${isUnended} order by started_at desc, id`),
    since: database.prepare(`${storedColumns}
      where user = ?1 and (${isUnended} or ended_at >= ?2 or revocations.at >= ?2) order by started_at desc, id`),
    page: database.prepare(pageWhere('user = ?1')),
  };
}

/** Reads the admission state of a user, inside a transaction or outside of one. */
export function admissionStateReader(database: Database): (user: string) => AdmissionState {
  const account = database.prepare(`
    with everybody as (select coalesce(max(epoch), 0) as epoch, max(at) as at from revocations)
    select coalesce(auth_epoch, 0) + epoch as auth_epoch, coalesce(admissions, 0) as admissions,
      nullif(max(coalesce(revoked_at, -1e999), coalesce(everybody.at, -1e999)), -1e999) as revoked_at
    from everybody left join accounts on user = ?`);
  return (user) => accountRow.parse(account.get(user));
}

/** Finds sessions in SQLite. */
export function sqliteQueries(database: Database): EventLogQueries {
  const statements = prepare(database);
  const accountOf = admissionStateReader(database);

  return {
    async load(id) {
      const row = statements.load.get(id);
      return row ? storedRow.parse(row) : null;
    },

    async read(id, after, limit) {
      return statements.read.all(id, after, limit).map((row) => entryRow.parse(row));
    },

    async sessionsOf(user, endedSince) {
      const rows = endedSince === undefined ? statements.live.all(user) : statements.since.all(user, endedSince);
      return rows.map((row) => storedRow.parse(row));
    },

    async pageOf(user, query, limit) {
      return statements.page.all(user, ...pageArguments(query, limit)).map((row) => storedRow.parse(row));
    },

    async account(user) {
      return accountOf(user);
    },
  };
}
