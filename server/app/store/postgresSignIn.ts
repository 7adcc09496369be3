import type { PostgresDatabase } from '../../postgres/connection.ts';
import {
  ceremonyRow,
  identifiedRow,
  identityRow,
  passkeyRow,
  type Ceremonies,
  type Identities,
  type Passkeys,
} from './signIn.ts';

/**
 * Whether there is such a user, who has a password or is signed in by a provider. Waits for a deletion of the user that is
 * under way, and has one that comes later wait.
 */
export const isUser = `(exists (select 1 from users where id = $1 for key share)
  or exists (select 1 from identities where user_id = $1 for key share))`;

/** Who users are at OpenID providers, in PostgreSQL. */
function postgresIdentities({ query }: PostgresDatabase): Identities {
  async function find(issuer: string, subject: string): Promise<string | null> {
    const found = await query('select user_id from identities where issuer = $1 and subject = $2', [issuer, subject]);
    return found.rows[0] ? identifiedRow.parse(found.rows[0]) : null;
  }

  return {
    async userOf({ issuer, subject }, newUser, at) {
      // Written over with the same, so that it is answered whether it was there before or not.
      const { rows } = await query(
        `insert into identities (issuer, subject, user_id, created_at) values ($1, $2, $3, $4)
         on conflict (issuer, subject) do update set subject = excluded.subject returning user_id`,
        [issuer, subject, newUser, at],
      );
      return identifiedRow.parse(rows[0]);
    },
    find: ({ issuer, subject }) => find(issuer, subject),
    async of(user) {
      const { rows } = await query('select issuer, subject from identities where user_id = $1 order by created_at', [
        user,
      ]);
      return rows.map((row) => identityRow.parse(row));
    },
  };
}

/** Passkeys in PostgreSQL. */
function postgresPasskeys({ query }: PostgresDatabase): Passkeys {
  const columns = 'id, user_id, name, public_key, counter, transports, is_bound, created_at, last_used_at';
  return {
    async add({ id, user, name, publicKey, counter, transports, isBoundToDevice, createdAt, lastUsedAt }) {
      const known = [id, name, publicKey, counter, JSON.stringify(transports), isBoundToDevice, createdAt, lastUsedAt];
      const { count } = await query(
        `insert into passkeys (user_id, id, name, public_key, counter, transports, is_bound, created_at, last_used_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9 where ${isUser} on conflict do nothing`,
        [user, ...known],
      );
      return count > 0;
    },
    async find(id) {
      const { rows } = await query(`select ${columns} from passkeys where id = $1`, [id]);
      return rows[0] ? passkeyRow.parse(rows[0]) : null;
    },
    async of(user) {
      const { rows } = await query(`select ${columns} from passkeys where user_id = $1 order by created_at, id`, [
        user,
      ]);
      return rows.map((row) => passkeyRow.parse(row));
    },
    async used(id, counter, at) {
      const { count } = await query(
        `update passkeys set counter = $2, last_used_at = $3
         where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
        [id, counter, at],
      );
      return count > 0;
    },
    async remove(user, id) {
      return (await query('delete from passkeys where user_id = $1 and id = $2', [user, id])).count > 0;
    },
  };
}

/** What is under way, in PostgreSQL. */
function postgresCeremonies({ query }: PostgresDatabase): Ceremonies {
  return {
    async begin(key, data, expiresAt, now) {
      await query('delete from ceremonies where expires_at <= $1', [now]);
      await query('insert into ceremonies (key, data, expires_at) values ($1, $2, $3)', [key, data, expiresAt]);
    },
    async take(key, now) {
      const { rows } = await query('delete from ceremonies where key = $1 and expires_at > $2 returning data', [
        key,
        now,
      ]);
      return rows[0] ? ceremonyRow.parse(rows[0]) : null;
    },
  };
}

/** What sign-in by other things than a password is kept in, in PostgreSQL. */
export const postgresSignIn = (database: PostgresDatabase) => ({
  identities: postgresIdentities(database),
  passkeys: postgresPasskeys(database),
  ceremonies: postgresCeremonies(database),
  hasPassword: async (user: string) => (await database.query('select 1 from users where id = $1', [user])).count > 0,
});

/** Deletes what a user signs in by. */
export async function deleteSignInData({ query }: PostgresDatabase, user: string): Promise<void> {
  await query('delete from identities where user_id = $1', [user]);
  await query('delete from passkeys where user_id = $1', [user]);
}
