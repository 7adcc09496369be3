import { nameKey } from '../accounts/username.ts';
import { userRow, type User, type Users } from '../accounts/users.ts';
import type { PostgresDatabase } from './database.ts';

const columns = 'select id, username, password_hash, created_at from users';

/** Keeps users in PostgreSQL. */
export function postgresUsers({ query }: Pick<PostgresDatabase, 'query'>): Users {
  async function one(where: string, value: string): Promise<User | null> {
    const { rows } = await query(`${columns} where ${where} = $1`, [value]);
    return rows[0] ? userRow.parse(rows[0]) : null;
  }

  return {
    async register({ id, username, passwordHash, createdAt }) {
      const { count } = await query(
        `insert into users (id, name_key, username, password_hash, created_at) values ($1, $2, $3, $4, $5)
         on conflict (name_key) do nothing`,
        [id, nameKey(username), username, passwordHash, createdAt],
      );
      return count === 1 ? 'registered' : 'username_taken';
    },
    byName: (username) => one('name_key', nameKey(username)),
    byId: (id) => one('id', id),
    async rehash(id, from, to) {
      await query('update users set password_hash = $3 where id = $1 and password_hash = $2', [id, from, to]);
    },
  };
}
