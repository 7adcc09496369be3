import type { KnownPerson } from '../http/activeSession.ts';
import type { People } from '../store/people.ts';
import type { Accounts } from './accounts.ts';

/**
 * Reads what is known of a user besides their id, whenever it is asked: from the accounts, or else what the sign-in told.
 * The role is what `roleOf` says, where it says anything.
 */
export const personReader =
  (
    accounts: Pick<Accounts, 'byId'>,
    people: Pick<People, 'get'>,
    roleOf: ((user: string) => Promise<string | undefined>) | null,
  ): ((user: string) => Promise<KnownPerson>) =>
  async (user) => {
    const account = await accounts.byId(user);
    const told = account
      ? { name: account.username, ...(account.role && { role: account.role }) }
      : await people.get(user);
    const role = roleOf ? await roleOf(user) : told.role;
    return { name: told.name ?? null, role: role ?? null };
  };
