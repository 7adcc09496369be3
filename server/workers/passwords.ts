import {
  isOwn,
  passwordAccounts,
  tableAccounts,
  type AccountsOption,
  type OwnAccounts,
  type PasswordOptions,
} from '../accounts/passwordAccounts.ts';
import { argon2idOfModule } from './argon2.ts';

/** Users of the application. What it would write of them cannot be in the transaction of an object. */
export type OwnUsers = Omit<OwnAccounts, 'replacePassword' | 'eraseWrite'>;

/**
 * Has people sign in with a name and a password.
 *
 * @param given the application's own users, which every object asks for by these functions; default users of Curfew's own
 *   table, with argon2id of the package @phi-ag/argon2, which the application installs
 * @throws TypeError where an option cannot be
 */
export function passwords(given: PasswordOptions | OwnUsers = {}): AccountsOption {
  if (!isOwn(given)) return tableAccounts(given, argon2idOfModule);
  for (const name of ['replacePassword', 'eraseWrite'] as const)
    if (name in given)
      throw new TypeError(
        `passwords(…): ${name} cannot be on Workers, for it would have to write in the same transaction`,
      );
  return passwordAccounts(given);
}
