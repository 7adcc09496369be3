import { admitsProof, isLive, type Instant, type Policy, type SessionEvent } from '../../machines/index.ts';
import { change, earliestOf, logEntries, unchanged } from './command.ts';
import { begin, resume, type Applicant, type AuthenticatedUser } from './entrant.ts';
import type { AdmissionState, Change, Stored } from '../store/eventLog.ts';
import { LoggedOutAtProvider } from '../store/references.ts';
import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { maxAttempts, inQueue, userKey } from './sessionQueue.ts';

/** Why nobody was admitted. */
export type NotAdmitted =
  /** There are as many sessions as the policy allows. */
  | 'session_limit'
  /** It is too late to resume the session. */
  | 'session_ended'
  /** The session is another user's. */
  | 'session_mismatch'
  /** The account changed while its password was being checked. */
  | 'invalid_credentials'
  /** The proof is too old: for the policy, for a lapsed session, or because of a revocation or a logout since. */
  | 'stale_proof'
  /** The user was erased. */
  | 'forbidden';

export type Admitted =
  | { readonly ok: true; readonly session: Stored; readonly at: Instant }
  | { readonly ok: false; readonly code: NotAdmitted; readonly session: Stored | null };

type Subset = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'newId' | 'policyOf' | 'people' | 'references'>;

/** The outcome of one attempt; `again` when another node has changed one of the sessions in `changing`. */
type Tried = Admitted | { readonly ok: 'again'; readonly changing: readonly string[] };

const displaced = (by: string, at: Instant): SessionEvent => ({ type: 'session.displaced', at, by });

/** The least recently authenticated first; of those of one instant, the one that began first. */
const oldestFirst = ({ state: { context: a } }: Stored, { state: { context: b } }: Stored): number =>
  a.authenticatedAt - b.authenticatedAt || a.startedAt - b.startedAt;

/** Why a proof counts no more, whatever it is for; `null` when it does. */
async function whyVoid(
  parts: Subset,
  { user, authEpoch, provedAt }: AuthenticatedUser,
  account: AdmissionState,
): Promise<NotAdmitted | null> {
  if (authEpoch !== undefined && authEpoch !== account.authEpoch) return 'invalid_credentials';
  if (authEpoch === undefined && provedAt !== undefined && provedAt <= (account.revokedAt ?? -Infinity))
    return 'stale_proof';
  return (await parts.people.isErased(user)) ? 'forbidden' : null;
}

/** The session that the applicant names, whosever it is. */
function namedBy(applicant: Applicant): string | null {
  switch (applicant.kind) {
    case 'new':
      return applicant.replaces;
    case 'resumed':
      return applicant.id;
    case 'browser':
      return applicant.has;
  }
}

/** Who is to be admitted: the session, what is written of it, and what it replaces. */
interface Entrant {
  readonly session: Stored;
  readonly change: Change | null;
  readonly replaces: Stored | null;
}

type NotEntered = Exclude<Tried, { readonly ok: true }>;

const refused = (code: NotAdmitted, session: Stored | null = null): NotEntered => ({ ok: false, code, session });

/** @returns the session that asks to be admitted, once its end is written when it has ended meanwhile. */
async function entrantOf(
  parts: Subset,
  proved: AuthenticatedUser,
  applicant: Applicant,
  named: Stored | null,
  policy: Policy,
  at: Instant,
): Promise<Entrant | NotEntered> {
  const isOwn = named?.state.context.user === proved.user;
  if (applicant.kind === 'resumed' && named && !isOwn) return refused('session_mismatch');
  if (named && isOwn && applicant.kind !== 'new') {
    const { session, change: decided, refused: code } = resume(proved, named, policy, at);
    if (code === null) return { session, change: decided, replaces: null };
    // Where the session of a browser is over, a new one begins.
    if (applicant.kind === 'resumed' || code === 'stale_proof') {
      const isWritten = !decided || (await parts.log.append([decided])) === 'appended';
      return isWritten ? refused(code, session) : { ok: 'again', changing: [session.id] };
    }
  }
  if (applicant.kind === 'resumed') return refused('session_ended');
  const replaces = applicant.kind === 'new' || !isOwn ? named : null;
  return { ...begin(parts, proved, applicant, policy, at), replaces };
}

/** The least recently authenticated of a user's sessions, as many as there are too many. */
function surplusOf(
  sessions: readonly Stored[],
  { session, replaces }: Entrant,
  { maxSessions }: Policy,
  at: Instant,
): readonly Stored[] {
  const others = sessions.filter(({ id }) => id !== session.id && id !== replaces?.id);
  const live = others.filter((stored) => isLive(change(stored, [], at).next.state.leaf)).toSorted(oldestFirst);
  return live.slice(0, Math.max(0, live.length - maxSessions + 1));
}

/** @returns the session that was admitted by the same sign-in a moment ago, whatever has become of it, or `null`. */
async function admittedBefore(
  { log, clock }: Pick<Subset, 'log' | 'clock'>,
  { user }: AuthenticatedUser,
  applicant: Applicant,
  sessions: readonly Stored[],
): Promise<Tried | null> {
  if (applicant.kind !== 'new' || applicant.id === undefined) return null;
  const there = sessions.find(({ id }) => id === applicant.id) ?? (await log.load(applicant.id));
  if (!there) return null;
  if (there.state.context.user !== user) return refused('session_mismatch');
  const at = Math.max(clock(), earliestOf(there));
  return { ok: true, session: change(there, [], at).next, at };
}

async function tryToAdmit(parts: Subset, proved: AuthenticatedUser, applicant: Applicant): Promise<Tried> {
  const { log, references, people } = parts;
  const { user, role, reference, person } = proved;
  const account = await log.account(user);
  const reason = await whyVoid(parts, proved, account);
  if (reason) return refused(reason);
  const policy = await parts.policyOf({ id: user, ...(role !== undefined && { role }) });

  const sessions = await log.sessionsOf(user);
  const repeated = await admittedBefore(parts, proved, applicant, sessions);
  if (repeated) return repeated;
  const name = namedBy(applicant);
  // A session of another user, or one that has ended, is not in the list.
  const named = name === null ? null : (sessions.find(({ id }) => id === name) ?? (await log.load(name)));
  const at = Math.max(parts.clock(), ...[...sessions, named].map((stored) => (stored ? earliestOf(stored) : 0)));
  if (!admitsProof(policy, proved.provedAt ?? at, at)) return refused('stale_proof');
  const entrant = await entrantOf(parts, proved, applicant, named, policy, at);
  if ('ok' in entrant) return entrant;
  const surplus = surplusOf(sessions, entrant, policy, at);
  if (surplus.length > 0 && policy.onLimit === 'deny') return refused('session_limit', named);

  const { session, replaces } = entrant;
  const leaving = [...surplus, ...(replaces ? [replaces] : [])];
  const departures = leaving.map((stored) => change(stored, [displaced(session.id, at)], at).change);
  const changes = [entrant.change ?? unchanged(session), ...departures].filter((each) => each !== null);
  const writes = [
    ...(reference ? [references.bindWrite(session.id, reference, at)] : []),
    ...(person ? [people.setWrite(user, person)] : []),
  ];
  try {
    if ((await log.append(changes, { user, account }, writes)) !== 'appended')
      return { ok: 'again', changing: changes.filter(({ expected }) => expected > 0).map(({ id }) => id) };
  } catch (error) {
    if (error instanceof LoggedOutAtProvider) return refused('stale_proof');
    throw error;
  }
  for (const { id, state, entries } of changes) logEntries(parts, id, state.context.user, entries);
  return { ok: true, session, at };
}

/**
 * Admits an authenticated user to a session, in one append: the limit, the displacement of the session that is replaced
 * and of the least recently authenticated ones, and the account's epoch, all as they were read.
 *
 * @returns the session, or why there is none
 * @throws PolicyUnavailable when the policy of the user cannot be told
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
