import type { Instant } from '../../machines/index.ts';
import type { Users } from '../store/users.ts';
import { embeddedAccounts, type Accounts } from './accounts.ts';
import { passwords, standardCost, type Argon2Cost } from './passwords.ts';

/** How people prove who they are: what `passwords(…)` returns. */
export interface AccountsOption {
  readonly open: (given: { readonly users: Users; readonly clock: () => Instant }) => Accounts;
}

/** Users and passwords in a table of the application's own. */
export interface OwnAccounts extends Omit<Accounts, 'confirmPassword'> {
  /**
   * Whether this is the user's password. It is called with `null` for an unknown name, and must then take as long to
   * answer `false`.
   *
   * @see ASVS 5.0 6.3.8
   */
  verify(id: string | null, password: string): Promise<boolean>;
}

/** Of Curfew's own table of users. */
export interface PasswordOptions {
  /** What one guess of a password costs. Default 19 MiB, 2 passes. @see OWASP Password Storage Cheat Sheet */
  readonly cost?: Argon2Cost;
}

const isOwn = (given: PasswordOptions | OwnAccounts): given is OwnAccounts =>
  'find' in given || 'byId' in given || 'verify' in given;

/**
 * Has people sign in with a name and a password.
 *
 * @param given an application's own users; default users of Curfew's own table, with argon2id
 * @throws TypeError when one of `find`, `byId` and `verify` is missing
 */
export function passwordAccounts(given: PasswordOptions | OwnAccounts = {}): AccountsOption {
  if (!isOwn(given))
    return { open: ({ users, clock }) => embeddedAccounts(users, passwords(given.cost ?? standardCost), clock) };
  for (const name of ['find', 'byId', 'verify'] as const)
    if (typeof given[name] !== 'function') throw new TypeError(`passwords(…) needs the function ${name}`);
  const { register, replacePassword, eraseWrite } = given;
  return {
    open: () => ({
      find: (username) => given.find(username),
      byId: (id) => given.byId(id),
      confirmPassword: (id, password) => given.verify(id, password),
      ...(register && { register: register.bind(given) }),
      ...(replacePassword && { replacePassword: replacePassword.bind(given) }),
      ...(eraseWrite && { eraseWrite: eraseWrite.bind(given) }),
    }),
  };
}
