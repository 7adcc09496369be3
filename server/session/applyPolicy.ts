import { phaseOf } from '../../machines/index.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { command, type CommandDependencies } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { PolicySubject } from './policyOf.ts';
import { inQueue, maxAttempts, userKey } from './sessionQueue.ts';

/** Has every sign-in that is under way ask for the policy again. */
async function restartAdmissions({ log }: Pick<SessionDependencies, 'log'>, user: string): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++)
    if ((await log.append([], { user, account: await log.account(user) })) === 'appended') return;
  throw new StoreUnavailable('this account is changing too fast');
}

/**
 * Applies the policy that is in force for a user to their live and lapsed sessions, as far as it tightens their limits.
 *
 * @returns how many sessions were changed by it.
 * @throws PolicyUnavailable
 */
export async function applyPolicyOf(
  parts: CommandDependencies & Pick<SessionDependencies, 'policyOf'>,
  user: PolicySubject,
): Promise<number> {
  const policy = await parts.policyOf(user);
  await inQueue(parts.log, [userKey(user.id)], () => restartAdmissions(parts, user.id));
  let changed = 0;
  for (const stored of await parts.log.sessionsOf(user.id)) {
    const applied = await command(parts, stored, (state, at) => {
      const isOver = phaseOf(state.leaf) === 'ended';
      return { events: isOver ? [] : [{ type: 'policy.applied', at, policy }], answer: state.context.policy };
    });
    if (applied && applied.state.context.policy !== applied.answer) changed += 1;
  }
  return changed;
}
