import { tableAccounts, type AccountsOption, type PasswordOptions } from '../accounts/passwordAccounts.ts';
import { argon2idOfModule } from './argon2.ts';

/**
 * Users of Curfew's own table, with argon2id of the package @phi-ag/argon2, which the application installs.
 *
 * @throws TypeError where an option cannot be
 */
export const passwords = (given: PasswordOptions = {}): AccountsOption => tableAccounts(given, argon2idOfModule);
