import type { User as TabUser } from '../../machines/index.ts';
import type { TransactionalWrite } from '../store/eventLog.ts';
import type { Passwords } from './passwords.ts';
import type { User, Users } from '../store/users.ts';

/** A user as the browser may see them. */
export interface Person extends TabUser {
  /** Set for a user who may see and end the sessions of all users. */
  readonly role?: 'administrator';
}

/**
 * The users and how they authenticate. An application plugs in its own; the embedded one keeps users with argon2id.
 * `find` and `confirmPassword` are two steps, because the epoch of the account must be read in between.
 */
export interface Accounts {
  find(username: string): Promise<Person | null>;
  byId(id: string): Promise<Person | null>;
  /** Whether this is the password; for an unknown person it takes as long to say no. @see ASVS 5.0 6.3.8 */
  confirmPassword(id: string | null, password: string): Promise<boolean>;
  /** Makes an account, where people may make their own. */
  register?(id: string, username: string, password: string): Promise<'registered' | 'username_taken'>;
  /** Gets a new password ready to take, where people may choose their own. */
  replacePassword?(id: string, password: string): Promise<TransactionalWrite>;
  /** Ready to erase the account, where people may close their own. */
  eraseWrite?(id: string): TransactionalWrite;
}

const personOf = (user: User | null): Person | null =>
  user && {
    id: user.id,
    username: user.username,
    ...(user.role === 'administrator' && { role: user.role }),
  };

/** The embedded accounts. */
export function embeddedAccounts(users: Users, passwords: Passwords, clock: () => number): Accounts {
  return {
    find: async (username) => personOf(await users.byName(username)),
    byId: async (id) => personOf(await users.byId(id)),
    async confirmPassword(id, password) {
      const user = id === null ? null : await users.byId(id);
      const hash = user?.disabledAt === null ? user.passwordHash : null;
      const isConfirmed = await passwords.verify(password, hash);
      if (isConfirmed && id !== null && hash !== null && passwords.needsRehash(hash))
        await users.rehash(id, hash, await passwords.hash(password));
      return isConfirmed;
    },
    async register(id, username, password) {
      if (await users.byName(username)) return 'username_taken';
      const passwordHash = await passwords.hash(password);
      return users.register({ id, username, passwordHash, createdAt: clock(), role: 'user', disabledAt: null });
    },
    async replacePassword(id, password) {
      return users.replacePasswordWrite(id, await passwords.hash(password));
    },
    eraseWrite: (id) => users.eraseWrite(id),
  };
}
