import type { Accounts } from '../accounts/accounts.ts';
import { placeOfName, type CurfewEnv } from './env.ts';

/** Makes accounts only in the object of their name: anywhere else, it would not be known that the name is another's. */
export function madeHere(accounts: Accounts, place: string, env: CurfewEnv): Accounts {
  function check(username: string): void {
    if (placeOfName(env, username) !== place) throw new Error('an account can be made in the object of its name alone');
  }
  return {
    ...accounts,
    ...(accounts.add && {
      async add(id: string, username: string, password: string) {
        check(username);
        return accounts.add?.(id, username, password) ?? 'username_taken';
      },
    }),
    ...(accounts.register && {
      async register(id: string, username: string, password: string) {
        check(username);
        return accounts.register?.(id, username, password) ?? 'username_taken';
      },
    }),
  };
}
