import { days, phaseOf, type SessionPhase } from '../../machines/index.ts';
import { cursor, findableStates, findSessions, pageSizes } from '../session/findSessions.ts';
import { loadCurrent } from '../session/command.ts';
import { summaryOf } from '../session/summary.ts';
import { checkArguments, isObject, userId, type Rules } from './arguments.ts';
import type { Stored } from '../store/eventLog.ts';
import type { VerbDependencies } from './dependencies.ts';

/** Whose sessions to list. */
export interface ListSessions {
  /** The id of the user. */
  readonly user: string;
  /** Whether those that ended in the last 90 days are listed, too. Default `false`. */
  readonly ended?: boolean | undefined;
}

/** Which sessions of all users to find: a page at a time, newest first. */
export interface FindSessions {
  /** Not given: with it, the sessions of one user are listed. */
  readonly user?: never;
  /** Default all states, `ended` too. */
  readonly state?: SessionPhase | undefined;
  /** The `next` of the page before. Default the first page. */
  readonly after?: string | undefined;
  /** How many at most, from 1 to 100. Default 50. */
  readonly limit?: number | undefined;
}

/** A page of the sessions of all users. */
export interface FoundSessions {
  /** Each as it is at this moment, with the id of its user, the newest first. */
  readonly sessions: readonly (ListedSession & { readonly user: string })[];
  /** What `after` of the next page has to be; not there on the last one. */
  readonly next?: string;
}

/** The sessions of a user as a list; those of all users, where none is named, as a page. */
export interface Sessions {
  (given: ListSessions): Promise<readonly ListedSession[]>;
  (given?: FindSessions): Promise<FoundSessions>;
}

/** A session in a list: its state, its device, its instants in epoch ms, and the policy that binds it. */
export type ListedSession = Omit<ReturnType<typeof summaryOf>, 'current'>;

const endedKept = days(90);

const rules: Rules<ListSessions> = {
  user: userId,
  ended: { isRight: (value) => typeof value === 'boolean', allowed: 'true or false' },
};

const findRules: Rules<Omit<FindSessions, 'user'>> = {
  state: {
    isRight: (value) => findableStates.some((state) => state === value),
    allowed: `${findableStates.slice(0, -1).join(', ')} or ${findableStates.at(-1)}`,
  },
  after: { isRight: (value) => typeof value === 'string' && cursor.test(value), allowed: 'the `next` of a page' },
  limit: {
    isRight: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= pageSizes.largest,
    allowed: `a whole number from 1 to ${pageSizes.largest}`,
  },
};

const listed = (stored: Stored): ListedSession => {
  const { current: _, ...summary } = summaryOf(stored, '');
  return summary;
};

async function list(parts: VerbDependencies, given: ListSessions): Promise<readonly ListedSession[]> {
  checkArguments('sessions', given, rules);
  const { user, ended = false } = given;
  const found: ListedSession[] = [];
  for (const stored of await parts.log.sessionsOf(user, ended ? parts.clock() - endedKept : undefined)) {
    const settled = await loadCurrent(parts, stored);
    if (settled && (phaseOf(settled.state.leaf) !== 'ended' || ended)) found.push(listed(settled));
  }
  return found;
}

async function find(parts: VerbDependencies, given: FindSessions): Promise<FoundSessions> {
  checkArguments('sessions', given, findRules);
  const { limit = pageSizes.default, state, after } = given;
  const { found, next } = await findSessions(parts, { state, after, limit });
  return {
    sessions: found.map((stored) => ({ ...listed(stored), user: stored.state.context.user })),
    ...(next !== undefined && { next }),
  };
}

/** A user who is named, even one that is not known by mistake, never stands for all. */
export const namesUser = (given: ListSessions | FindSessions): given is ListSessions =>
  isObject(given) && Object.hasOwn(given, 'user');

/** Does what `Verbs.sessions` says. */
export function sessions(parts: VerbDependencies): Sessions {
  function either(given: ListSessions): Promise<readonly ListedSession[]>;
  function either(given?: FindSessions): Promise<FoundSessions>;
  async function either(given: ListSessions | FindSessions = {}) {
    return namesUser(given) ? list(parts, given) : find(parts, given);
  }
  return either;
}
