import { personRow, type People } from '../store/people.ts';
import { changesOf } from './changes.ts';
import type { Database } from './database.ts';

/** Keeps what sign-ins have told of users in SQLite. */
export function sqlitePeople(database: Database): People {
  const { notify } = changesOf(database).users;
  const get = database.prepare('select name, role from people where user = ?');
  const set = database.prepare(`
    insert into people (user, name, role) values (?, ?, ?)
    on conflict (user) do update set name = excluded.name, role = excluded.role`);
  const remove = database.prepare('delete from people where user = ?');
  const bury = database.prepare('insert into tombstones (user, at) values (?, ?) on conflict (user) do nothing');
  const buried = database.prepare('select 1 from tombstones where user = ?');

  return {
    async get(user) {
      const row = get.get(user);
      return row ? personRow.parse(row) : {};
    },
    setWrite:
      (user, { name = null, role = null }) =>
      () => {
        if (name === null && role === null) remove.run(user);
        else set.run(user, name, role);
        notify([user]);
      },
    eraseWrite: (user, at) => () => {
      remove.run(user);
      bury.run(user, at);
      notify([user]);
    },
    async isErased(user) {
      return buried.get(user) !== undefined;
    },
  };
}
