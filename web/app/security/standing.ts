import { phaseOf, type Leaf } from '../../../machines/index.ts';
import { durationInWords, reasonInWords } from '../../react/index.ts';
import type { SessionSummary } from '../shapes.ts';

type Session = Pick<SessionSummary, 'leaf' | 'reason' | 'lapsedFor' | 'policy'> &
  Partial<Pick<SessionSummary, 'method'>>;

const long = ({ policy }: Session, limit: 'idleTimeout' | 'absoluteTimeout' | 'restoreWindow'): string =>
  durationInWords(policy[limit]);

const others: Readonly<Record<Leaf, (session: Session) => string>> = {
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

/** Whether the user is signed in there, or can go on with the password alone. */
export const isOpen = ({ leaf }: Pick<Session, 'leaf'>): boolean => phaseOf(leaf) !== 'ended';

/** How things stand with the session of another user, in words. */
export const standingOfOther = (session: Session): string => others[session.leaf](session);

/** How things stand with an own session, in words: why it is over, and at which limit, where it is. */
export function standingInWords(session: Session): string {
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
