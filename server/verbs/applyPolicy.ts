import { applyPolicyOf } from '../session/applyPolicy.ts';
import { checkArguments, userId, type Rules } from './arguments.ts';
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

const rules: Rules<ApplyPolicy> = { user: userId };

/** Does what `Verbs.applyPolicy` says. */
export async function applyPolicy(parts: VerbDependencies, given: ApplyPolicy): Promise<AppliedPolicy> {
  checkArguments('applyPolicy', given, rules);
  const role = await parts.roleOf(given.user);
  return { changed: await applyPolicyOf(parts, { id: given.user, ...(role !== undefined && { role }) }) };
}
