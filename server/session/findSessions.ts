import { leaves, phaseOf, type Instant, type SessionPhase } from '../../machines/index.ts';
import type { SessionQuery, Stored } from '../store/eventLog.ts';
import { change, earliestOf, loadCurrent, type CommandDependencies } from './command.ts';
import type { SessionDependencies } from './dependencies.ts';
import { settleDue } from './settleDue.ts';

/** How many sessions a page has at most, and by default. */
export const pageSizes = { largest: 100, default: 50 } as const;

/** The states by which sessions are found. */
export const findableStates = ['active', 'expiring', 'lapsed', 'ended'] as const satisfies readonly SessionPhase[];

/** Which sessions to find, and how many of them at once. */
export interface FindSessions {
  readonly user?: string | undefined;
  readonly state?: SessionPhase | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Sessions as they are at this moment, newest first. */
export interface SessionsFound {
  readonly found: readonly Stored[];
  /** Where the next page goes on; not there on the last one. */
  readonly next?: string;
}

/** Where a page ended: the start and the id of its last session. */
export const cursor = /^(\d{1,16}(?:\.\d+)?)~(.{1,200})$/;

const cursorOf = ({ id, state }: Stored): string => `${state.context.startedAt}~${id}`;

function placeOf(text: string): Pick<SessionQuery, 'after'> {
  const [, startedAt, id] = cursor.exec(text) ?? [];
  return startedAt === undefined || id === undefined ? {} : { after: { startedAt: Number.parseFloat(startedAt), id } };
}

/**
 * Finds sessions of all users, or of one, a page at a time. What begins between two pages is in none of the later ones.
 *
 * @throws StoreUnavailable when the store does not answer
 * @see ASVS 5.0 7.4.5
 */
export async function findSessions(
  parts: CommandDependencies & Pick<SessionDependencies, 'stopping' | 'overview'>,
  { user, state, after, limit }: FindSessions,
): Promise<SessionsFound> {
  await settleDue(parts);
  const stored = await parts.overview.search(
    {
      ...(user !== undefined && { user }),
      ...(state !== undefined && { leaves: leaves.filter((leaf) => phaseOf(leaf) === state) }),
      ...(after !== undefined && placeOf(after)),
    },
    limit + 1,
  );
  const page = stored.slice(0, limit);
  const last = stored.length > limit ? page.at(-1) : undefined;
  return {
    found: page.map((each) => change(each, [], Math.max(parts.clock(), earliestOf(each))).next),
    ...(last && { next: cursorOf(last) }),
  };
}

const endedLeaves = leaves.filter((leaf) => phaseOf(leaf) === 'ended');

const newestFirst = (a: Stored, b: Stored): number =>
  b.state.context.startedAt - a.state.context.startedAt || (a.id < b.id ? -1 : 1);

/**
 * Lists the sessions of one user: on the first page all that have not ended, and on each page some of those that have.
 *
 * @param since those that ended before are left out
 * @param limit how many of those that have ended are looked at for a page
 * @throws StoreUnavailable when the store does not answer
 * @see ASVS 5.0 7.5.2
 */
export async function sessionsOfUser(
  parts: CommandDependencies,
  { user, since, after, limit }: Pick<FindSessions, 'after' | 'limit'> & { user: string; since: Instant },
): Promise<SessionsFound> {
  const found = new Map<string, Stored>();
  for (const listed of after === undefined ? await parts.log.sessionsOf(user) : []) {
    const settled = await loadCurrent(parts, listed);
    if (settled) found.set(settled.id, settled);
  }
  const place = after === undefined ? {} : placeOf(after);
  const ended = await parts.log.pageOf(user, { leaves: endedLeaves, ...place }, limit + 1);
  const page = ended.slice(0, limit);
  for (const each of page) {
    // One that ended with all others has that in its log from now on.
    const settled = each.revoked ? await loadCurrent(parts, each) : each;
    if (settled && (settled.state.context.endedAt ?? since) >= since) found.set(settled.id, settled);
  }
  const last = ended.length > limit ? page.at(-1) : undefined;
  return { found: [...found.values()].toSorted(newestFirst), ...(last && { next: cursorOf(last) }) };
}
