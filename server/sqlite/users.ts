import { nameKey } from '../store/username.ts';
import type { Users } from '../store/users.ts';
import { userRow } from '../store/users.ts';
import { changesOf } from './changes.ts';
import type { Database } from './database.ts';

/** Keeps users in SQLite. */
export function sqliteUsers(database: Database): Users {
  const { notify } = changesOf(database).users;
  const columns = 'select id, username, password_hash, created_at, role, disabled_at from users';
  const insert = database.prepare(`
    insert into users (id, name_key, username, password_hash, created_at, role, disabled_at)
    values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const byName = database.prepare(`${columns} where name_key = ?`);
  const byId = database.prepare(`${columns} where id = ?`);
  const list = database.prepare(`${columns} where id > ? order by id limit ?`);
  const setRole = database.prepare('update users set role = ? where id = ?');
  const replace = database.prepare('update users set password_hash = ? where id = ?');
  const disable = database.prepare('update users set disabled_at = ? where id = ?');
  const erase = database.prepare('delete from users where id = ?');
  const rehash = database.prepare('update users set password_hash = ? where id = ? and password_hash = ?');

  return {
    async register({ id, username, passwordHash, createdAt, role, disabledAt }) {
      const written = insert.run(id, nameKey(username), username, passwordHash, createdAt, role, disabledAt);
      notify([id]);
      return written === 1 ? 'registered' : 'username_taken';
    },
    async byName(username) {
      const row = byName.get(nameKey(username));
      return row ? userRow.parse(row) : null;
    },
    async byId(id) {
      const row = byId.get(id);
      return row ? userRow.parse(row) : null;
    },
    async rehash(id, from, to) {
      rehash.run(to, id, from);
    },
    async setRole(id, role) {
      const isThere = setRole.run(role, id) > 0;
      notify([id]);
      return isThere;
    },
    async list(after, limit) {
      return list.all(after, limit).map((row) => userRow.parse(row));
    },
    replacePasswordWrite: (id, passwordHash) => () => void replace.run(passwordHash, id),
    disableWrite: (id, at) => () => {
      disable.run(at, id);
      notify([id]);
    },
    eraseWrite: (id) => () => {
      erase.run(id);
      notify([id]);
    },
  };
}
