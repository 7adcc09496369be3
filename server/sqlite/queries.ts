import type { AdmissionState, EventLogQueries } from '../store/eventLog.ts';
import { isRevoked, isUnended, presentLeaf, storedColumns } from '../sql/revocations.ts';
import { accountRow, entryRow, idRow, storedRow } from '../store/rows.ts';
import type { Database } from './database.ts';

function prepare(database: Database) {
  const search = (whose: string) =>
    database.prepare(`${storedColumns}
      where ${whose} and (?2 is null or ${presentLeaf} in (select value from json_each(?2)))
        and (?3 is null or started_at < ?3 or (started_at = ?3 and id > ?4))
      order by started_at desc, id limit ?5`);
  return {
    load: database.prepare(`${storedColumns} where id = ?`),
    read: database.prepare(`
      select version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
      where stream = ? and version > ? order by version limit ?`),
    live: database.prepare(`${storedColumns} where user = ? and ${isUnended} order by started_at desc, id`),
    since: database.prepare(`${storedColumns}
      where user = ?1 and (${isUnended} or ended_at >= ?2 or revocations.at >= ?2) order by started_at desc, id`),
    // Two, for the plan is made before it is known whether there is a user, whose sessions an index finds.
    search: search('?1 is null'),
    searchOfUser: search('user = ?1'),
    revoked: database.prepare(`
      select id from sessions
      where ended_at is null and epoch < (select max(epoch) from revocations) and ${isRevoked('sessions')}
      order by id limit ?`),
    // The index gives them in their order; another order of those of one instant would sort all of them each time.
    due: database.prepare(`
      select id from sessions where due <= ? and not ${isRevoked('sessions')} order by due limit ?`),
    ended: database.prepare(`${storedColumns}
      where ended_at <= ?1 and (ended_at > ?2 or ended_at = ?2 and id > ?3) order by ended_at, id limit ?4`),
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

    async search({ user, leaves, after }, limit) {
      const wanted = leaves === undefined ? null : JSON.stringify(leaves);
      return statements[user === undefined ? 'search' : 'searchOfUser']
        .all(user ?? null, wanted, after?.startedAt ?? null, after?.id ?? null, limit)
        .map((row) => storedRow.parse(row));
    },

    async account(user) {
      return accountOf(user);
    },

    async revoked(limit) {
      return statements.revoked.all(limit).map((row) => idRow.parse(row).id);
    },

    async due(at, limit) {
      return statements.due.all(at, limit).map((row) => idRow.parse(row).id);
    },

    async ended(before, limit, after = { endedAt: -Infinity, id: '' }) {
      return statements.ended.all(before, after.endedAt, after.id, limit).map((row) => storedRow.parse(row));
    },
  };
}
