import { draftRow, versionOf, type DraftPut, type DraftStore, type StoredDraft } from '../drafts/store.ts';
import type { Instant } from '../../machines/index.ts';
import type { PostgresDatabase, Query } from './database.ts';

const columns = 'select key, ciphertext, saved_at, expires_at, version from drafts';

async function find(query: Query, user: string, key: string, at: Instant): Promise<StoredDraft | null> {
  const { rows } = await query(
    `${columns} where user_id = $1 and key = $2 and (expires_at is null or expires_at > $3)`,
    [user, key, at],
  );
  return rows[0] ? draftRow.parse(rows[0]) : null;
}

/** Keeps preserved work in PostgreSQL. */
export function postgresDraftStore({ query, transaction }: PostgresDatabase): DraftStore {
  return {
    async list(user, at) {
      const { rows } = await query(
        `${columns} where user_id = $1 and (expires_at is null or expires_at > $2) order by saved_at desc, key`,
        [user, at],
      );
      return rows.map((row) => draftRow.parse(row));
    },
    get: (user, key, at) => find(query, user, key, at),
    put: (user, key, draft, at, allows) =>
      transaction(async (within): Promise<DraftPut> => {
        // Also where there is no row to lock yet, writers of one draft take turns.
        await within('select pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(['draft', user, key])]);
        const other = await find(within, user, key, at);
        if (allows?.(other?.version ?? null) === false) return { outcome: 'conflict', other };
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
    erasing: (user) => async () => {
      await query('delete from drafts where user_id = $1', [user]);
    },
    async purge(at) {
      await query('delete from drafts where expires_at <= $1', [at]);
    },
  };
}
