import { minutes, type Duration, type Policy } from '../../machines/index.ts';
import type { Work } from './store/appStore.ts';

const choices: readonly Duration[] = [2, 5, 10, 15].map(minutes);

/**
 * What a user may choose in place of a policy's warning, in ms: warnings that are longer, and take at most half of the time
 * after which a user is signed out without activity.
 */
export function longerWarnings({ idleTimeout, warnBefore, remembered }: Policy): readonly Duration[] {
  const longest = Math.min(idleTimeout, remembered?.idleTimeout ?? Infinity) / 2;
  return choices.filter((each) => each > warnBefore && each <= longest);
}

/** @returns what becomes of a choice, in ms, under the policy of today; `null` where its own warning stays */
export const allowedWarning = (policy: Policy, chosen: Duration | null): Duration | null =>
  longerWarnings(policy).findLast((each) => chosen !== null && each <= chosen) ?? null;

/** @returns what tells the limits of each user: the same for all, but for a longer warning that one has chosen */
export const policyOfUser =
  (policy: Policy, store: Pick<Work, 'settings'>) =>
  async ({ id }: { readonly id: string }): Promise<Policy> => {
    const { warnBefore } = await store.settings(id);
    return { ...policy, warnBefore: allowedWarning(policy, warnBefore) ?? policy.warnBefore };
  };
