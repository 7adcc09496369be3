import type { Accounts } from './accounts.ts';

/** Says what a user may do, in a word; `null` and `undefined` say nothing. It may be asked at each request. */
export type RoleOption = (user: string) => string | null | undefined | Promise<string | null | undefined>;

/**
 * Reads the role of a user from the application, or else from its accounts, whenever it is asked: a role that is taken
 * away counts no more from the next request on.
 *
 * @returns a function that rejects when the application's does, or returns anything but a text
 * @see ASVS 5.0 8.3.1
 */
export function roleReader(
  accounts: Pick<Accounts, 'byId'>,
  role: RoleOption | null,
): (user: string) => Promise<string | undefined> {
  if (role === null) return async (user) => (await accounts.byId(user))?.role;
  return async (user) => {
    const found: unknown = await role(user);
    if (found === null || found === undefined) return undefined;
    if (typeof found !== 'string') throw new TypeError('the option role must return a text, null or undefined');
    return found;
  };
}
