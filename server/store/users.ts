import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { TransactionalWrite } from './eventLog.ts';

/** What a user may do beyond their own account. */
export type Role = 'user' | 'administrator';

/** A user as stored. */
export interface User {
  readonly id: string;
  /** As it was typed at registration. */
  readonly username: string;
  /** A PHC string. @see passwords.ts */
  readonly passwordHash: string;
  readonly createdAt: Instant;
  readonly role: Role;
  /** Since when the account is disabled, `null` when it is not. */
  readonly disabledAt: Instant | null;
}

/** The table of users. Names are unique whatever their case and encoding. */
export interface Users {
  /** @returns `username_taken` when another user has the name, in any spelling of it. */
  register(user: User): Promise<'registered' | 'username_taken'>;
  byName(username: string): Promise<User | null>;
  byId(id: string): Promise<User | null>;
  /** Replaces a hash that was made with other parameters, unless the password was changed meanwhile. */
  rehash(id: string, from: string, to: string): Promise<void>;
  /** @returns whether there is such a user. */
  setRole(id: string, role: Role): Promise<boolean>;
  /** In the order of their ids, those after one. */
  list(after: string, limit: number): Promise<readonly User[]>;
  /** The write that stores a new password hash. */
  replacePasswordWrite(id: string, passwordHash: string): TransactionalWrite;
  /** The write that disables the account, or with `null` enables it again. */
  disableWrite(id: string, at: Instant | null): TransactionalWrite;
  /** The write that deletes the user; the name is free again afterwards. */
  eraseWrite(id: string): TransactionalWrite;
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
