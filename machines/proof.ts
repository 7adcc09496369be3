import type { Policy } from './policy.ts';
import type { Proof, SessionContext } from './session.context.ts';
import type { Duration, Instant } from './time.ts';

/** What the last sign-in to a session rests on; of rules 1, a password at that instant. */
export const proofOf = ({ proof, authenticatedAt }: Pick<SessionContext, 'proof' | 'authenticatedAt'>): Proof =>
  proof ?? { method: 'pwd', provedAt: authenticatedAt };

/**
 * Whether the person proved who they are no longer than `within` ago. It counts from the proof, which can be older than
 * the sign-in that rests on it: a provider that answers silently proves nothing.
 *
 * @param within in ms, that instant included; default the policy's `freshAuth`
 * @see ASVS 5.0 7.5.1
 */
export const isFreshlyAuthenticated = (
  context: SessionContext,
  at: Instant,
  within: Duration = context.policy.freshAuth,
): boolean => at - proofOf(context).provedAt <= within;

/**
 * Whether a policy lets a user sign in at an instant with a proof. Where the absolute limit is for good (all strict
 * presets), a proof older than `freshAuth` is refused: a provider that answers silently would undo that limit.
 *
 * @param provedAt when the person proved who they are, in epoch ms
 * @see NIST SP 800-63B-4 §5.2
 */
export const admitsProof = (
  { restoreFrom, freshAuth }: Pick<Policy, 'restoreFrom' | 'freshAuth'>,
  provedAt: Instant,
  at: Instant,
): boolean => restoreFrom.includes('absolute') || at - provedAt <= freshAuth;

/**
 * Whether a proof lets a person back into a session: a lapsed one takes only a proof younger than the lapse. A proof of
 * this very instant always is, also when the session lapses at it. Whether the session can be resumed at all is the
 * machine's business.
 *
 * @param provedAt when the person proved who they are, in epoch ms
 * @param at when the session is to be resumed, its clock settled
 * @see NIST SP 800-63B-4 §5.2
 */
export const resumesFrom = ({ lapsedAt }: Pick<SessionContext, 'lapsedAt'>, provedAt: Instant, at: Instant): boolean =>
  lapsedAt === null || provedAt > lapsedAt || provedAt >= at;
