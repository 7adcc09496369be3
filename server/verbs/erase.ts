import { eraseUser } from '../session/eraseUser.ts';
import { checkArguments, userId, type Rules } from './arguments.ts';
import type { VerbDependencies } from './dependencies.ts';
import type { RevokedSessions } from './revoke.ts';

/** Whom to erase. */
export interface Erase {
  /** The id of the user. */
  readonly user: string;
}

const rules: Rules<Erase> = { user: userId };

/** Does what `Verbs.erase` says. */
export async function erase(parts: VerbDependencies, given: Erase): Promise<RevokedSessions> {
  checkArguments('erase', given, rules);
  const { user } = given;
  const account = parts.accounts.eraseWrite?.(user);
  const erased = await eraseUser(parts, { user, by: 'application', ...(account && { account }) });
  return { ended: erased.ok ? erased.ended.length : 0 };
}
