import type { Duration, User as TabUser } from '../../machines/index.ts';
import type { TransactionalWrite } from '../store/eventLog.ts';
import type { Passwords } from './passwords.ts';
import type { User, Users } from '../store/users.ts';

/** A user as the browser may see them. */
export interface Person extends TabUser {
  /** What they may do, in a word. `administrator` may see and end the sessions of all users. Default none. */
  readonly role?: string;
}

/**
 * The users and how they authenticate. An application plugs in its own; the embedded one keeps users with argon2id.
 * `find` and `confirmPassword` are two steps, because the epoch of the account must be read in between.
 */
export interface Accounts {
  /** Whether people sign in with a password here. Where they do not, every route that takes one answers 404. */
  readonly hasPasswords: boolean;
  /** The user of a name, as it was typed; `null` where there is none. */
  find(username: string): Promise<Person | null>;
  /** The user of an id; `null` where there is none, or no more. */
  byId(id: string): Promise<Person | null>;
  /**
   * How long what `byId` returned may be taken for true, in ms: so long a name or a role that has changed may still be
   * seen. Default it is asked at each request.
   */
  readonly maxAge?: Duration;
  /** Whether this is the password; for an unknown person it takes as long to say no. @see ASVS 5.0 6.3.8 */
  confirmPassword(id: string | null, password: string): Promise<boolean>;
  /** Makes an account for a user, as an operator does. Only of Curfew's own table. */
  add?(id: string, username: string, password: string): Promise<'registered' | 'username_taken'>;
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

/** What the embedded accounts are made of. */
export interface EmbeddedAccounts {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly clock: () => number;
  /** Whether people may make their own accounts. */
  readonly register: boolean;
}

/** The embedded accounts. */
export function embeddedAccounts({ users, passwords, clock, register }: EmbeddedAccounts): Accounts {
  async function add(id: string, username: string, password: string) {
    if (await users.byName(username)) return 'username_taken';
    const passwordHash = await passwords.hash(password);
    return users.register({ id, username, passwordHash, createdAt: clock(), role: 'user', disabledAt: null });
  }
  return {
    hasPasswords: true,
    add,
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
    ...(register && { register: add }),
    async replacePassword(id, password) {
      return users.replacePasswordWrite(id, await passwords.hash(password));
    },
    eraseWrite: (id) => users.eraseWrite(id),
  };
}

/** No accounts: the application signs people in, and says itself who they are. */
export const noAccounts: Accounts = {
  hasPasswords: false,
  find: async () => null,
  byId: async () => null,
  confirmPassword: async () => false,
};
