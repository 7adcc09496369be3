import { personRow, type People } from '../store/people.ts';
import type { PostgresDatabase } from './connection.ts';
import { noteUsers } from './narrowing.ts';

/** Notes whom a statement changes: what is known of them may be copied somewhere. An append waits until it is not. */
const changing = (statement: string): string => `
  with changed as (${statement} returning user_id), noted as (${noteUsers('changed')})
  select user_id from changed`;

/** Keeps what sign-ins have told of users in PostgreSQL. */
export function postgresPeople({ query }: Pick<PostgresDatabase, 'query'>): People {
  const remove = (user: string) => query(changing('delete from people where user_id = $1'), [user]);
  return {
    async get(user) {
      const { rows } = await query('select name, role from people where user_id = $1', [user]);
      return rows[0] ? personRow.parse(rows[0]) : {};
    },
    setWrite:
      (user, { name = null, role = null }) =>
      async () => {
        if (name === null && role === null) await remove(user);
        else
          await query(
            changing(`insert into people (user_id, name, role) values ($1, $2, $3)
              on conflict (user_id) do update set name = excluded.name, role = excluded.role`),
            [user, name, role],
          );
      },
    eraseWrite: (user, at) => async () => {
      await remove(user);
      await query('insert into tombstones (user_id, at) values ($1, $2) on conflict (user_id) do nothing', [user, at]);
    },
    async isErased(user) {
      const { count } = await query('select 1 from tombstones where user_id = $1', [user]);
      return count > 0;
    },
  };
}
