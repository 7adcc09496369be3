import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import { nameKey } from './username.ts';

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  /** As it was typed at registration. */
  readonly username: string;
  /** A PHC string. @see passwords.ts */
  readonly passwordHash: string;
  readonly createdAt: Instant;
}

/** Who may sign in. Names are unique whatever their case and encoding. */
export interface Users {
  /** @returns `username_taken` when somebody else has the name, in any spelling of it. */
  register(user: User): Promise<'registered' | 'username_taken'>;
  byName(username: string): Promise<User | null>;
  byId(id: string): Promise<User | null>;
  /** Replaces a hash that was made with other parameters, unless the password was changed meanwhile. */
  rehash(id: string, from: string, to: string): Promise<void>;
}

/** A row of `users`. */
export const userRow = z
  .object({ id: z.string(), username: z.string(), password_hash: z.string(), created_at: z.number() })
  .transform((row): User => ({
    id: row.id,
    username: row.username,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
  }));

/** Keeps users in SQLite. */
export function sqliteUsers(database: Database): Users {
  const insert = database.prepare(`
    insert into users (id, name_key, username, password_hash, created_at) values (?, ?, ?, ?, ?)
    on conflict (name_key) do nothing`);
  const byName = database.prepare('select id, username, password_hash, created_at from users where name_key = ?');
  const byId = database.prepare('select id, username, password_hash, created_at from users where id = ?');
  const rehash = database.prepare('update users set password_hash = ? where id = ? and password_hash = ?');

  return {
    async register({ id, username, passwordHash, createdAt }) {
      const written = insert.run(id, nameKey(username), username, passwordHash, createdAt);
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
  };
}
