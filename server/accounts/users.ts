import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Along } from '../log/eventLog.ts';
import type { Database } from '../sqlite/database.ts';
import { nameKey } from './username.ts';

/** What somebody may do beyond their own account. */
export type Role = 'user' | 'administrator';

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  /** As it was typed at registration. */
  readonly username: string;
  /** A PHC string. @see passwords.ts */
  readonly passwordHash: string;
  readonly createdAt: Instant;
  readonly role: Role;
  /** Since when nobody can sign in as them, `null` when they can. */
  readonly disabledAt: Instant | null;
}

/** Who may sign in. Names are unique whatever their case and encoding. */
export interface Users {
  /** @returns `username_taken` when somebody else has the name, in any spelling of it. */
  register(user: User): Promise<'registered' | 'username_taken'>;
  byName(username: string): Promise<User | null>;
  byId(id: string): Promise<User | null>;
  /** Replaces a hash that was made with other parameters, unless the password was changed meanwhile. */
  rehash(id: string, from: string, to: string): Promise<void>;
  /** @returns whether there is such a user. */
  setRole(id: string, role: Role): Promise<boolean>;
  /** In the order of their ids, those after one. */
  list(after: string, limit: number): Promise<readonly User[]>;
  /** Ready to take a new password. */
  replacing(id: string, passwordHash: string): Along;
  /** Ready to close the account, or with `null` to open it again. */
  disabling(id: string, at: Instant | null): Along;
  /** Ready to erase the user; the name is free again afterwards. */
  erasing(id: string): Along;
}

/** A row of `users`. */
export const userRow = z
  .object({
    id: z.string(),
    username: z.string(),
    password_hash: z.string(),
    created_at: z.number(),
    role: z.enum(['user', 'administrator']),
    disabled_at: z.number().nullable(),
  })
  .transform((row): User => ({
    id: row.id,
    username: row.username,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
    role: row.role,
    disabledAt: row.disabled_at,
  }));

/** Keeps users in SQLite. */
export function sqliteUsers(database: Database): Users {
  const columns = 'select id, username, password_hash, created_at, role, disabled_at from users';
  const insert = database.prepare(`
    insert into users (id, name_key, username, password_hash, created_at, role, disabled_at)
    values (?, ?, ?, ?, ?, ?, ?) on conflict (name_key) do nothing`);
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
      return setRole.run(role, id) > 0;
    },
    async list(after, limit) {
      return list.all(after, limit).map((row) => userRow.parse(row));
    },
    replacing: (id, passwordHash) => () => void replace.run(passwordHash, id),
    disabling: (id, at) => () => void disable.run(at, id),
    erasing: (id) => () => void erase.run(id),
  };
}
