import { endReference, endSession, refusedFor, type Ending } from '../session/endSession.ts';
import { revokeSessions } from '../session/revocation.ts';
import type { Stored } from '../store/eventLog.ts';
import type { Reference } from '../store/references.ts';
import { checkArguments, hasOnly, isObject, isText, longestId, type Rules } from './arguments.ts';
import type { VerbDependencies } from './dependencies.ts';

/** Which sessions: one, those of a user, those bound to a session at a provider, or all there are. */
export type RevocationTarget =
  { readonly session: string } | { readonly user: string } | { readonly reference: Reference } | 'all';

/** How to end sessions. */
export interface Revoke {
  /** Why, in a few words for the log: 1 to 200 characters, and no personal data. */
  readonly reason: string;
  /** The id of one session that goes on all the same. Default none. */
  readonly except?: string | undefined;
}

/** What was ended. */
export interface RevokedSessions {
  /** How many sessions have ended by it. */
  readonly ended: number;
}

const longestText = 2_000;
const longestReason = 200;

const rules: Rules<Revoke> = {
  reason: {
    isRight: (value) => isText(value, longestReason),
    allowed: `a text of 1 to ${longestReason} characters`,
    isRequired: true,
  },
  except: { isRight: (value) => isText(value, longestId), allowed: 'the id of a session' },
};

const isReference = (value: unknown): boolean =>
  isObject(value) &&
  hasOnly(value, 'issuer', 'sid') &&
  isText(value['issuer'], longestText) &&
  isText(value['sid'], longestText);

const isTarget = (value: unknown): boolean =>
  value === 'all' ||
  (isObject(value) &&
    Object.keys(value).length === 1 &&
    (isText(value['session'], longestId) || isText(value['user'], longestId) || isReference(value['reference'])));

function checkTarget(target: unknown): void {
  if (!isTarget(target))
    throw new TypeError(
      "revoke: the first argument must be { session }, { user }, { reference: { issuer, sid } } or 'all'",
    );
}

/** Checks what `revoke` was given. @throws TypeError with one line that names the argument that is wrong */
export function checkRevocation(target: RevocationTarget, given: Revoke): void {
  checkTarget(target);
  checkArguments('revoke', given, rules);
}

/** Does what `Verbs.revoke` says. */
export async function revoke(
  parts: VerbDependencies,
  target: RevocationTarget,
  given: Revoke,
): Promise<RevokedSessions> {
  checkRevocation(target, given);
  const { reason, except } = given;
  const ending: Ending = { by: 'application', reason };
  const ends = (id: string) => id !== except;
  if (target === 'all') {
    const spared = except === undefined ? {} : { except };
    return { ended: await parts.log.revokeAll({ ...ending, at: parts.clock(), ...spared }) };
  }
  if ('reference' in target)
    return { ended: await endReference(parts, target.reference, parts.clock() + refusedFor, ending, ends) };
  if ('session' in target)
    return { ended: ends(target.session) && (await endSession(parts, target.session, ending)) ? 1 : 0 };
  const revoked = await revokeSessions(parts, { user: target.user, ...ending, ends });
  const isRevoked = ({ state }: Stored) => state.leaf === 'ended.revoked';
  return { ended: revoked.ok ? revoked.ended.filter(isRevoked).length : 0 };
}
