import {
  currentGeneration,
  isLive,
  methodsOf,
  phaseOf,
  policyFor,
  proofOf,
  resumesFrom,
  start,
  tokenExpiresAt,
  type Authentication,
  type Instant,
  type Policy,
  type SessionContext,
  type SessionEvent,
} from '../../machines/index.ts';
import { change } from './command.ts';
import { isVerified } from './verification.ts';
import { chain, commit } from '../store/chain.ts';
import type { AdmissionState, Change, Device, Stored } from '../store/eventLog.ts';
import type { PersonKept } from '../store/people.ts';
import type { Reference } from '../store/references.ts';
import { sessionId } from '../store/sessionId.ts';
import type { SessionDependencies } from './dependencies.ts';

/** A user who has proved who they are, and how. */
export interface AuthenticatedUser extends Authentication {
  readonly user: string;
  /**
   * Read before a password was checked: a sign-in in flight over a change of password gets nothing. Left out for a proof
   * from elsewhere, which counts when it is later than the last revocation.
   */
  readonly authEpoch?: AdmissionState['authEpoch'];
  /** What the policy may depend on. */
  readonly role?: string;
  /** Where the proof comes from, so that a logout there ends the session here. */
  readonly reference?: Reference;
  /** What the sign-in tells of the user, kept in the same append. */
  readonly person?: PersonKept;
}

/**
 * What asks to be admitted: a new session, in place of another; one that is to be resumed, and no other; or a browser
 * with the session it has, if any, which goes on if it is the same user's and is replaced if it is another's.
 */
export type Applicant =
  | {
      readonly kind: 'new';
      readonly remember: boolean;
      readonly device: Device;
      readonly replaces: string | null;
      /** What the session is called; the one that is called so already is admitted as it is. Default a new id. */
      readonly id?: string;
    }
  | { readonly kind: 'resumed'; readonly id: string }
  | { readonly kind: 'browser'; readonly remember: boolean; readonly device: Device; readonly has: string | null };

/** What an event says of the proof. */
function authenticationOf(proved: AuthenticatedUser, at: Instant): Authentication {
  const { method, provedAt = at, issuer, amr, acr, heard } = proved;
  return {
    method,
    ...(provedAt < at && { provedAt }),
    ...(issuer !== undefined && { issuer }),
    ...(amr !== undefined && { amr }),
    ...(acr !== undefined && { acr }),
    ...(heard && { heard }),
  };
}

/** What a new session begins with. */
type New = Extract<Applicant, { remember: boolean }>;

/** A session that begins. */
export function begin(
  parts: Pick<SessionDependencies, 'newId'>,
  proved: AuthenticatedUser,
  applicant: New,
  policy: Policy,
  at: Instant,
) {
  const { device, remember } = applicant;
  const salt = parts.newId();
  const remembered = remember && policy.remembered !== null;
  const { state, entries } = start({
    type: 'session.started',
    at,
    user: proved.user,
    policy: policyFor(policy, remembered),
    remembered,
    device: commit(salt, device),
    ...authenticationOf(proved, at),
  });
  const chained = chain('', entries, at);
  const id = (applicant.kind === 'new' ? applicant.id : undefined) ?? sessionId(proved.user, at, parts.newId());
  const created: Change = { id, expected: 0, state, entries: chained, device: { salt, device } };
  return { session: { id, state, hash: chained.at(-1)?.hash ?? '', device }, change: created };
}

/** Makes a new token where the present one has expired: a sign-in gives one that is good. */
function rotation(context: SessionContext, at: Instant): readonly SessionEvent[] {
  const current = currentGeneration(context);
  if (at < tokenExpiresAt(context, current)) return [];
  const { generation, confirmedAt } = current;
  const confirmed: readonly SessionEvent[] = confirmedAt === null ? [{ type: 'token.confirmed', at, generation }] : [];
  return [...confirmed, { type: 'token.rotated', at, generation: generation + 1 }];
}

/** What becomes of a session that goes on, or why it does not. */
export interface Resumed {
  readonly session: Stored;
  /** `null` when there is nothing to write. */
  readonly change: Change | null;
  readonly refused: 'session_ended' | 'stale_proof' | null;
}

/**
 * A lapsed session takes only a proof younger than the lapse, made by a user and not by a device alone. A live one
 * that rests on a proof as young stays as it is: a provider that answers silently moves none of its limits.
 */
export function resume(proved: AuthenticatedUser, stored: Stored, policy: Policy, at: Instant): Resumed {
  const { next: session, change: settled } = change(stored, [], at);
  const { leaf, context } = session.state;
  const { method, provedAt = at } = proved;
  if (phaseOf(leaf) === 'ended') return { session, change: settled, refused: 'session_ended' };
  if (!isLive(leaf) && !(resumesFrom(context, provedAt, at) && isVerified(methodsOf(method))))
    return { session, change: null, refused: 'stale_proof' };
  const gainsNothing = isLive(leaf) && provedAt < at && provedAt <= proofOf(context).provedAt;
  const reauthenticated: SessionEvent = {
    type: 'user.reauthenticated',
    at,
    generation: currentGeneration(context).generation + 1,
    policy: policyFor(policy, context.remembered),
    ...authenticationOf(proved, at),
  };
  const decided = change(stored, gainsNothing ? rotation(context, at) : [reauthenticated], at);
  return { session: decided.next, change: decided.change, refused: null };
}
