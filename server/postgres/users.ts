import { nameKey } from '../store/username.ts';
import { userRow, type User, type Users } from '../store/users.ts';
import type { PostgresDatabase } from './connection.ts';
import { noteUsers, settler, userSubject } from './narrowing.ts';

const columns = 'select id, username, password_hash, created_at, role, disabled_at from users';

/** Notes whom a statement changes: what is known of them may be copied somewhere. An append waits until it is not. */
const changing = (statement: string): string => `
  with changed as (${statement} returning id as user_id), noted as (${noteUsers('changed')})
  select user_id from changed`;

/** Keeps users in PostgreSQL. */
export function postgresUsers(database: Pick<PostgresDatabase, 'query'>): Users {
  const { query } = database;
  const settle = settler(database);

  async function one(where: string, value: string): Promise<User | null> {
    const { rows } = await query(`${columns} where ${where} = $1`, [value]);
    return rows[0] ? userRow.parse(rows[0]) : null;
  }

  return {
    async register({ id, username, passwordHash, createdAt, role, disabledAt }) {
      const { count } = await query(
        `insert into users (id, name_key, username, password_hash, created_at, role, disabled_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [id, nameKey(username), username, passwordHash, createdAt, role, disabledAt],
      );
      return count === 1 ? 'registered' : 'username_taken';
    },
    byName: (username) => one('name_key', nameKey(username)),
    byId: (id) => one('id', id),
    async rehash(id, from, to) {
      await query('update users set password_hash = $3 where id = $1 and password_hash = $2', [id, from, to]);
    },
    async setRole(id, role) {
      const { count } = await query(changing('update users set role = $2 where id = $1'), [id, role]);
      await settle([userSubject(id)]);
      return count > 0;
    },
    async list(after, limit) {
      const { rows } = await query(`${columns} where id > $1 order by id limit $2`, [after, limit]);
      return rows.map((row) => userRow.parse(row));
    },
    replacePasswordWrite: (id, passwordHash) => async () => {
      await query('update users set password_hash = $2 where id = $1', [id, passwordHash]);
    },
    disableWrite: (id, at) => async () => {
      await query(changing('update users set disabled_at = $2 where id = $1'), [id, at]);
    },
    eraseWrite: (id) => async () => {
      await query(changing('delete from users where id = $1'), [id]);
    },
  };
}
