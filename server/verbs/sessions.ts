import { days, phaseOf } from '../../machines/index.ts';
import { loadCurrent } from '../session/command.ts';
import { summaryOf } from '../session/summary.ts';
import { checkArguments, userId, type Rules } from './arguments.ts';
import type { VerbDependencies } from './dependencies.ts';

/** Whose sessions to list. */
export interface ListSessions {
  /** The id of the user. */
  readonly user: string;
  /** Whether those that ended in the last 90 days are listed, too. Default `false`. */
  readonly ended?: boolean | undefined;
}

/** A session in a list: its state, its device, its instants in epoch ms, and the policy that binds it. */
export type ListedSession = Omit<ReturnType<typeof summaryOf>, 'current'>;

const endedKept = days(90);

const rules: Rules<ListSessions> = {
  user: userId,
  ended: { isRight: (value) => typeof value === 'boolean', allowed: 'true or false' },
};

/** Does what `Verbs.sessions` says. */
export async function sessions(parts: VerbDependencies, given: ListSessions): Promise<readonly ListedSession[]> {
  checkArguments('sessions', given, rules);
  const { user, ended = false } = given;
  const listed: ListedSession[] = [];
  for (const stored of await parts.log.sessionsOf(user, ended ? parts.clock() - endedKept : undefined)) {
    const settled = await loadCurrent(parts, stored);
    if (!settled || (phaseOf(settled.state.leaf) === 'ended' && !ended)) continue;
    const { current: _, ...summary } = summaryOf(settled, '');
    listed.push(summary);
  }
  return listed;
}
