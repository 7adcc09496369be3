import {
  draftRow,
  listedRow,
  mostDrafts,
  versionOf,
  type DraftPut,
  type DraftStore,
  type StoredDraft,
} from '../store/drafts.ts';
import type { Instant } from '../../machines/index.ts';
import type { PostgresDatabase, Query } from './connection.ts';

async function find(query: Query, user: string, key: string, at: Instant): Promise<StoredDraft | null> {
  const { rows } = await query(
    `select key, ciphertext, saved_at, expires_at, version from drafts
     where user_id = $1 and key = $2 and (expires_at is null or expires_at > $3)`,
    [user, key, at],
  );
  return rows[0] ? draftRow.parse(rows[0]) : null;
}

async function isFull(query: Query, user: string): Promise<boolean> {
  const { rows } = await query('select count(*)::integer as n from drafts where user_id = $1', [user]);
  return Number(rows[0]?.['n']) >= mostDrafts;
}

async function hasRoom(query: Query, user: string, at: Instant): Promise<boolean> {
  if (!(await isFull(query, user))) return true;
  await query('delete from drafts where user_id = $1 and expires_at <= $2', [user, at]);
  return !(await isFull(query, user));
}

/**
 * Locks the drafts of a user until the transaction ends, also where there is no row to lock yet: two writers cannot
 * both pass the limit, and erasing covers every draft that was written before.
 */
const lockDraftsOf = (within: Query, user: string) =>
  within('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(['drafts', user])]);

/** Keeps preserved work in PostgreSQL. */
export function postgresDraftStore({ query, transaction }: PostgresDatabase): DraftStore {
  return {
    async list(user, at) {
      const { rows } = await query(
        `select key, octet_length(ciphertext) as size, saved_at, expires_at, version from drafts
         where user_id = $1 and (expires_at is null or expires_at > $2) order by saved_at desc, key`,
        [user, at],
      );
      return rows.map((row) => listedRow.parse(row));
    },
    get: (user, key, at) => find(query, user, key, at),
    put: (user, key, draft, at, allows) =>
      transaction(async (within): Promise<DraftPut> => {
        await lockDraftsOf(within, user);
        const other = await find(within, user, key, at);
        if (allows?.(other?.version ?? null) === false) return { outcome: 'conflict', other };
        if (!other && !(await hasRoom(within, user, at))) return { outcome: 'full' };
        const { ciphertext, savedAt, expiresAt } = draft;
        const version = versionOf(draft);
        await within(
          `insert into drafts (user_id, key, ciphertext, saved_at, expires_at, version) values ($1, $2, $3, $4, $5, $6)
           on conflict (user_id, key) do update set ciphertext = excluded.ciphertext, saved_at = excluded.saved_at,
             expires_at = excluded.expires_at, version = excluded.version`,
          [user, key, ciphertext, savedAt, expiresAt ?? null, version],
        );
        return { outcome: other ? 'replaced' : 'created', draft: { ...draft, key, version } };
      }),
    async remove(user, key, version) {
      const { count } = await query(
        'delete from drafts where user_id = $1 and key = $2 and ($3::text is null or version = $3)',
        [user, key, version ?? null],
      );
      return count > 0;
    },
    eraseWrite: (user) => async () => {
      await lockDraftsOf(query, user);
      await query('delete from drafts where user_id = $1', [user]);
    },
    async purge(at) {
      await query('delete from drafts where expires_at <= $1', [at]);
    },
  };
}
