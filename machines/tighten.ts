import { durationFields, policyFor, type Policy, type RememberedLimits, type Undeclared } from './policy.ts';
import type { SessionContext } from './session.context.ts';

/** What is the tighter the smaller it is. */
const smaller = [...durationFields, 'maxSessions'] as const;

/** The tightest first; `user` is none of them. */
const tight: readonly Undeclared[] = ['background', 'until-declared'];

const tighterUndeclared = (one: Undeclared, other: Undeclared): Undeclared =>
  tight.find((each) => each === one || each === other) ?? one;

const tighterRemembered = (one: RememberedLimits | null, other: RememberedLimits | null): RememberedLimits | null =>
  one &&
  other && {
    ...one,
    idleTimeout: Math.min(one.idleTimeout, other.idleTimeout),
    absoluteTimeout: Math.min(one.absoluteTimeout, other.absoluteTimeout),
  };

/**
 * Of each limit the tighter: the smaller duration and number, the fewer lapses that can be resumed from, the less that
 * counts as activity. `onLimit` has no tighter word and stays as it is. Of two good policies it makes a good one.
 *
 * @returns the current policy itself when the wanted one tightens nothing.
 */
export function tighten(current: Policy, wanted: Policy): Policy {
  const tightened: Policy = {
    ...current,
    ...Object.fromEntries(smaller.map((name) => [name, Math.min(current[name], wanted[name])])),
    restoreFrom: current.restoreFrom.filter((limit) => wanted.restoreFrom.includes(limit)),
    undeclaredActivity: tighterUndeclared(current.undeclaredActivity, wanted.undeclaredActivity),
    remembered: tighterRemembered(current.remembered, wanted.remembered),
  };
  return JSON.stringify(tightened) === JSON.stringify(current) ? current : tightened;
}

/**
 * The policy of a session once another one is applied to it: a remembered one keeps its longer limits as far as the new
 * policy allows them.
 *
 * @returns the session's own policy itself when that tightens nothing.
 */
export const tightened = (
  { policy, remembered }: Pick<SessionContext, 'policy' | 'remembered'>,
  applied: Policy,
): Policy => tighten(policy, policyFor(applied, remembered));
