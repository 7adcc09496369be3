import { eraseUser } from '../session/eraseUser.ts';
import { checkArguments, isText, longestId, type Rules } from './arguments.ts';
import type { VerbDependencies } from './dependencies.ts';
import type { RevokedSessions } from './revoke.ts';

/** Whom to erase. */
export interface Erase {
  /** The id of the user. */
  readonly user: string;
}

const rules: Rules<Erase> = {
  user: {
    isRight: (value) => isText(value, longestId),
    allowed: `an id of 1 to ${longestId} characters`,
    isRequired: true,
  },
};

/**
 * Ends every session of a user and erases what is kept of them, in one transaction: preserved work and its keys, device
 * data, name and role, references to providers, their account where it is Curfew's own, and what `deleteUserData` deletes.
 * The logs of their sessions stay and still verify; they name nobody. The id is remembered as erased, and `signIn` refuses
 * it with `forbidden`, for ever.
 *
 * @returns how many sessions have ended by it.
 * @throws StoreUnavailable when the store does not take it: then nothing was erased
 * @throws TypeError with one line that names the argument that is wrong
 * @see ASVS 5.0 7.4.2
 */
export async function erase(parts: VerbDependencies, given: Erase): Promise<RevokedSessions> {
  checkArguments('erase', given, rules);
  const { user } = given;
  const account = parts.accounts.eraseWrite?.(user);
  const erased = await eraseUser(parts, { user, by: 'application', ...(account && { account }) });
  return { ended: erased.ok ? erased.ended.length : 0 };
}
