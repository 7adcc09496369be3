import { durationInWords } from './durationInWords.ts';
import { phaseOf, type Leaf } from './leaf.ts';
import type { Limit, Policy } from './policy.ts';
import { reasonInWords } from './reasonInWords.ts';
import type { Reason } from './view.ts';

/** What has to be known of a session to say how it stands. */
export interface StandingSession {
  readonly leaf: Leaf;
  readonly reason?: Reason;
  /** Which limit it lapsed at, where it did. */
  readonly lapsedFor?: Limit;
  readonly policy: Pick<Policy, 'idleTimeout' | 'absoluteTimeout' | 'restoreWindow'>;
  /** How the last sign-in was proved. Default by a password. */
  readonly method?: readonly string[];
}

const long = ({ policy }: StandingSession, limit: keyof StandingSession['policy']): string =>
  durationInWords(policy[limit]);

const others: Readonly<Record<Leaf, (session: StandingSession) => string>> = {
  'active.fresh': () => 'Signed in.',
  'active.expiring': () => 'Signed in, and about to be signed out.',
  'lapsed.idle': (session) => `Locked because nobody was active for ${long(session, 'idleTimeout')}.`,
  'lapsed.absolute': (session) => `Locked because the sign-in was ${long(session, 'absoluteTimeout')} ago.`,
  'ended.expired': (session) =>
    session.lapsedFor
      ? `Over: nobody came back within ${long(session, 'restoreWindow')}.`
      : `Over: the sign-in was ${long(session, 'absoluteTimeout')} ago.`,
  'ended.signedOut': () => 'Over: signed out.',
  'ended.revoked': () => 'Over: signed out from another device or by an administrator.',
  'ended.displaced': () => 'Over: the account was used to sign in elsewhere.',
  'ended.compromised': () => 'Over: an old key was used again, and the account had to be protected.',
};

/** How things stand with the session of another user, in words. */
export const standingOfOther = (session: StandingSession): string => others[session.leaf](session);

/** How things stand with an own session, in words: why it is over, and at which limit, where it is. */
export function standingInWords(session: StandingSession): string {
  const { leaf, reason = null, lapsedFor, policy, method = ['pwd'] } = session;
  switch (phaseOf(leaf)) {
    case 'active':
    case 'expiring':
      return standingOfOther(session);
    case 'lapsed':
      return `${standingOfOther(session)} ${method.includes('pwd') ? 'The password opens it again.' : 'Signing in again opens it.'}`;
    case 'ended':
      return leaf === 'ended.expired' && lapsedFor
        ? `${reasonInWords(lapsedFor, policy)} You did not come back within ${long(session, 'restoreWindow')}.`
        : reasonInWords(reason, policy);
  }
}
