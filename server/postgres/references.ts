import { idRow } from '../store/rows.ts';
import { LoggedOutAtProvider, type Reference, type References } from '../store/references.ts';
import type { PostgresDatabase, Query } from './connection.ts';

/** Of a sign-in and a logout of one reference, the second sees what the first has written. */
const lock = (query: Query, { issuer, sid }: Reference) =>
  query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(['reference', issuer, sid])]);

/** Keeps references to sessions at identity providers in PostgreSQL. */
export function postgresReferences({ query, transaction }: PostgresDatabase): References {
  return {
    bindWrite: (session, reference, at) => async () => {
      const { issuer, sid } = reference;
      await lock(query, reference);
      const early = 'select 1 from early_logouts where issuer = $1 and sid = $2 and expires_at > $3';
      if ((await query(early, [issuer, sid, at])).count > 0)
        throw new LoggedOutAtProvider('the provider has ended this session');
      await query('delete from session_references where stream = $1', [session]);
      await query('insert into session_references (issuer, sid, stream) values ($1, $2, $3)', [issuer, sid, session]);
    },
    logOut: (reference, until) =>
      transaction(async (within) => {
        const { issuer, sid } = reference;
        await lock(within, reference);
        await within(
          `insert into early_logouts (issuer, sid, expires_at) values ($1, $2, $3)
           on conflict (issuer, sid) do update set expires_at = greatest(early_logouts.expires_at, excluded.expires_at)`,
          [issuer, sid, until],
        );
        const { rows } = await within(
          'select stream as id from session_references where issuer = $1 and sid = $2 order by stream',
          [issuer, sid],
        );
        return rows.map((row) => idRow.parse(row).id);
      }),
    eraseWrite: (user) => async () => {
      await query('delete from session_references where stream in (select id from sessions where user_id = $1)', [
        user,
      ]);
    },
    async purge(at) {
      await query('delete from early_logouts where expires_at <= $1', [at]);
    },
  };
}
