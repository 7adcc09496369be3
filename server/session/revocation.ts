import type { SessionEvent } from '../../machines/index.ts';
import { change, earliestOf, logEntries, unchanged, type Commanded } from './command.ts';
import { isAccepted } from './accepted.ts';
import type { TransactionalWrite, Stored } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { maxAttempts, inQueue, userKey } from './sessionQueue.ts';

/** Which sessions of a user are to end, and what has to hold and to happen in that moment. */
export interface Revocation {
  readonly user: string;
  /** The id of the user who asks; `operator` for the command line, `application` for its own code. */
  readonly by: string;
  /** `deleted` takes drafts that are being written with it. */
  readonly reason: string;
  /** Default every live or lapsed session. */
  readonly ends?: (id: string) => boolean;
  /** The session that asks for it, which must still be let in then. */
  readonly asking?: { readonly id: string; readonly generation: number };
  /** Read before a password was checked: the password must still be that one. */
  readonly authEpoch?: number;
  /** What other stores write in the same transaction. */
  readonly writes?: readonly TransactionalWrite[];
}

export type Revoked =
  /** With the session that asked for it, and those that have ended. */
  | { readonly ok: true; readonly asking: Stored | null; readonly ended: readonly Stored[] }
  | { readonly ok: false; readonly code: 'invalid_credentials' }
  /** The session that asked is not accepted any more. */
  | { readonly ok: false; readonly code: 'not_accepted'; readonly asking: Commanded<null> };

type Tried = Revoked | { readonly ok: 'again'; readonly changing: readonly string[] };

type Subset = Pick<SessionDependencies, 'log' | 'clock' | 'write'>;

async function tryToRevoke(
  { log, clock, write }: Subset,
  { user, by, reason, ends = () => true, asking, authEpoch, writes = [] }: Revocation,
): Promise<Tried> {
  const account = await log.account(user);
  if (authEpoch !== undefined && account.authEpoch !== authEpoch) return { ok: false, code: 'invalid_credentials' };
  const sessions = await log.sessionsOf(user);
  const asker = asking ? (sessions.find(({ id }) => id === asking.id) ?? (await log.load(asking.id))) : null;
  const at = Math.max(clock(), ...[...sessions, asker].map((each) => (each ? earliestOf(each) : 0)));
  const settled = asker && change(asker, [], at);
  if (asking && settled && !isAccepted(settled.next.state, asking.generation, at)) {
    // A deadline that has come is written before it is answered.
    if (settled.change && (await log.append([settled.change])) !== 'appended')
      return { ok: 'again', changing: [asking.id] };
    logEntries({ write }, asking.id, user, settled.change?.entries ?? []);
    return { ok: false, code: 'not_accepted', asking: { ...settled.next, at, answer: null, refused: null } };
  }

  const revoked: SessionEvent = { type: 'session.revoked', at, by, reason };
  const leaving = sessions.filter(({ id }) => ends(id)).map((stored) => ({ stored, ...change(stored, [revoked], at) }));
  const own = leaving.find(({ stored }) => stored.id === asker?.id);
  const stays = asker && settled && !own ? [settled.change ?? unchanged(asker)] : [];
  const changes = [...leaving.map((each) => each.change), ...stays].filter((each) => each !== null);
  if ((await log.append(changes, { user, account, raiseEpoch: true, revokedAt: at }, writes)) !== 'appended')
    return { ok: 'again', changing: changes.map(({ id }) => id) };
  for (const { id, state, entries } of changes) logEntries({ write }, id, state.context.user, entries);
  return { ok: true, asking: own?.next ?? settled?.next ?? null, ended: leaving.map(({ next }) => next) };
}

/**
 * Ends sessions of a user and voids sign-ins that are under way, in one append, with the given writes of other stores:
 * a crash leaves all of it or nothing.
 *
 * @returns `invalid_credentials` when the password was changed while it was being checked
 * @see ASVS 5.0 7.4.1–7.4.3
 */
export const revokeSessions = (parts: Subset, revocation: Revocation): Promise<Revoked> =>
  inQueue(parts.log, [userKey(revocation.user)], async () => {
    let changing: readonly string[] = [];
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const tried = await inQueue(parts.log, changing, () => tryToRevoke(parts, revocation));
      if (tried.ok !== 'again') return tried;
      changing = tried.changing;
    }
    throw new StoreUnavailable('this account is changing too fast');
  });
