import { isLive, policyFor, start, type Instant, type SessionEvent } from '../../machines/index.ts';
import { change, earliestOf, logEntries } from './command.ts';
import { chain, commit } from '../store/chain.ts';
import type { AdmissionState, Change, Device, Stored } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { maxAttempts, inQueue, userKey } from './sessionQueue.ts';

/** A user whose password was checked while the account had the given epoch. */
export interface AuthenticatedUser {
  readonly user: string;
  /** Read before the password was checked: a sign-in in flight over a change of password gets nothing. */
  readonly authEpoch: AdmissionState['authEpoch'];
  /** A Curfew client has sent the sign-in. */
  readonly heard: boolean;
}

/** What asks to be admitted: a new session, or a lapsed one that is to be resumed. */
export type Applicant =
  | { readonly kind: 'new'; readonly remember: boolean; readonly device: Device; readonly replaces: string | null }
  | { readonly kind: 'resumed'; readonly id: string };

export type Admitted =
  | { readonly ok: true; readonly session: Stored; readonly at: Instant }
  | {
      readonly ok: false;
      readonly code: 'session_limit' | 'session_ended' | 'invalid_credentials';
      readonly session: Stored | null;
    };

type Subset = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'newId' | 'policy'>;

function begin(
  parts: Subset,
  { user, heard }: AuthenticatedUser,
  applicant: Extract<Applicant, { kind: 'new' }>,
  at: Instant,
) {
  const { device, remember } = applicant;
  const salt = parts.newId();
  const remembered = remember && parts.policy.remembered !== null;
  const policy = policyFor(parts.policy, remembered);
  const { state, entries } = start({
    type: 'session.started',
    at,
    user,
    policy,
    remembered,
    method: ['pwd'],
    device: commit(salt, device),
    ...(heard && { heard }),
  });
  const chained = chain('', entries, at);
  const id = parts.newId();
  const created: Change = { id, expected: 0, state, entries: chained, device: { salt, device } };
  return { session: { id, state, hash: chained.at(-1)?.hash ?? '', device }, change: created };
}

function resume(parts: Subset, { heard }: AuthenticatedUser, stored: Stored, at: Instant) {
  const { generations, remembered } = stored.state.context;
  const generation = (generations.at(-1)?.generation ?? 0) + 1;
  const policy = policyFor(parts.policy, remembered);
  const decided = change(
    stored,
    [{ type: 'user.reauthenticated', at, method: ['pwd'], generation, policy, ...(heard && { heard }) }],
    at,
  );
  return { session: decided.next, change: decided.change, refused: decided.refused };
}

const displaced = (by: string, at: Instant): SessionEvent => ({ type: 'session.displaced', at, by });

const oldestFirst = (a: Stored, b: Stored): number => a.state.context.authenticatedAt - b.state.context.authenticatedAt;

/** The outcome of one attempt; `again` when another node has changed one of the sessions in `changing`. */
type Tried = Admitted | { readonly ok: 'again'; readonly changing: readonly string[] };

async function tryToAdmit(parts: Subset, authenticated: AuthenticatedUser, applicant: Applicant): Promise<Tried> {
  const account = await parts.log.account(authenticated.user);
  if (account.authEpoch !== authenticated.authEpoch) return { ok: false, code: 'invalid_credentials', session: null };

  const sessions = await parts.log.sessionsOf(authenticated.user);
  // A session of another user, or one that has ended, is not in the list.
  const load = async (id: string) => sessions.find((each) => each.id === id) ?? (await parts.log.load(id));
  const own = applicant.kind === 'resumed' ? await load(applicant.id) : null;
  const replaced = applicant.kind === 'new' && applicant.replaces !== null ? await load(applicant.replaces) : null;
  const at = Math.max(
    parts.clock(),
    ...[...sessions, own, replaced].map((stored) => (stored ? earliestOf(stored) : 0)),
  );

  const admitted = own
    ? resume(parts, authenticated, own, at)
    : applicant.kind === 'new'
      ? { ...begin(parts, authenticated, applicant, at), refused: null }
      : null;
  if (!admitted?.change || admitted.refused !== null) {
    if (own && admitted?.change && (await parts.log.append([admitted.change])) !== 'appended')
      return { ok: 'again', changing: [own.id] };
    return { ok: false, code: 'session_ended', session: admitted?.session ?? null };
  }

  const others = sessions.filter(({ id }) => id !== admitted.session.id && id !== replaced?.id);
  const live = others.filter((stored) => isLive(change(stored, [], at).next.state.leaf)).toSorted(oldestFirst);
  const surplus = live.slice(0, Math.max(0, live.length - parts.policy.maxSessions + 1));
  if (surplus.length > 0 && parts.policy.onLimit === 'deny') return { ok: false, code: 'session_limit', session: own };

  const leaving = [...surplus, ...(replaced ? [replaced] : [])];
  const departures = leaving.map((stored) => change(stored, [displaced(admitted.session.id, at)], at).change);
  const changes = [admitted.change, ...departures].filter((each) => each !== null);
  if ((await parts.log.append(changes, { user: authenticated.user, account })) !== 'appended')
    return { ok: 'again', changing: changes.filter(({ expected }) => expected > 0).map(({ id }) => id) };
  for (const { id, state, entries } of changes) logEntries(parts, id, state.context.user, entries);
  return { ok: true, session: admitted.session, at };
}

/**
 * Admits an authenticated user to a session, in one append: the limit, the displacement of the session whose cookie is
 * replaced and of the least recently authenticated ones, and the account's epoch, all as they were read.
 *
 * @returns the session, or `session_limit`, `session_ended` (too late to resume it), `invalid_credentials` (the account
 * changed while its password was being checked)
 * @see ASVS 5.0 7.1.2, 7.2.4
 */
export const admit = (parts: Subset, authenticated: AuthenticatedUser, applicant: Applicant): Promise<Admitted> =>
  inQueue(parts.log, [userKey(authenticated.user)], async () => {
    let changing: readonly string[] = [];
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const tried = await inQueue(parts.log, changing, () => tryToAdmit(parts, authenticated, applicant));
      if (tried.ok !== 'again') return tried;
      changing = tried.changing;
    }
    throw new StoreUnavailable('this account is changing too fast');
  });
