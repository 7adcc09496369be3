import type { People } from '../store/people.ts';
import type { Accounts } from './accounts.ts';

/** Says what a user may do, in a word; `null` and `undefined` say nothing. It may be asked at each request. */
export type RoleOption = (user: string) => string | null | undefined | Promise<string | null | undefined>;

/**
 * Reads the role of a user from the application, or else from its accounts, or else, where they have none, as the last
 * sign-in has told it; whenever it is asked: a role that is taken away counts no more from the next request on.
 *
 * @returns a function that rejects when the application's does, or returns anything but a text
 * @see ASVS 5.0 8.3.1
 */
export function roleReader(
  accounts: Pick<Accounts, 'byId'>,
  people: Pick<People, 'get'>,
  role: RoleOption | null,
): (user: string) => Promise<string | undefined> {
  if (role === null)
    return async (user) => {
      const account = await accounts.byId(user);
      return account ? account.role : (await people.get(user)).role;
    };
  return async (user) => {
    const found: unknown = await role(user);
    if (found === null || found === undefined) return undefined;
    if (typeof found !== 'string') throw new TypeError('the option role must return a text, null or undefined');
    return found;
  };
}
