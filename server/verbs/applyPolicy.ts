import { applyPolicyOf } from '../session/applyPolicy.ts';
import { checkArguments, isText, longestId, type Rules } from './arguments.ts';
import type { VerbDependencies } from './dependencies.ts';

/** Whose sessions to apply the policy to. */
export interface ApplyPolicy {
  /** The id of the user. */
  readonly user: string;
}

/** What the policy was applied to. */
export interface AppliedPolicy {
  /** How many sessions have tighter limits by it. */
  readonly changed: number;
}

const rules: Rules<ApplyPolicy> = {
  user: {
    isRight: (value) => isText(value, longestId),
    allowed: `an id of 1 to ${longestId} characters`,
    isRequired: true,
  },
};

/**
 * Applies the policy that is now in force for a user to the sessions they have, live and lapsed: to be called when their
 * role changes. It only tightens: what the policy allows more of comes with the next sign-in. A limit that is over by it
 * takes effect at once.
 *
 * @returns how many sessions have tighter limits by it.
 * @throws PolicyUnavailable when the policy cannot be told, StoreUnavailable when the store does not take it
 * @throws TypeError with one line that names the argument that is wrong
 * @see ASVS 5.0 7.1.1
 */
export async function applyPolicy(parts: VerbDependencies, given: ApplyPolicy): Promise<AppliedPolicy> {
  checkArguments('applyPolicy', given, rules);
  const role = await parts.roleOf(given.user);
  return { changed: await applyPolicyOf(parts, { id: given.user, ...(role !== undefined && { role }) }) };
}
