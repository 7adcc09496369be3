import { phaseOf, type Leaf } from '../../../machines/index.ts';
import { reasonInWords } from '../../index.ts';
import type { SessionSummary } from '../shapes.ts';

const standings: Partial<Record<Leaf, string>> = {
  'active.fresh': 'Signed in.',
  'active.expiring': 'Signed in, and about to be signed out.',
  'lapsed.idle': 'Locked because nobody was active. The password opens it again.',
  'lapsed.absolute': 'Locked because the sign-in was long ago. The password opens it again.',
};

/** Whether somebody is signed in there, or can go on with the password alone. */
export const isOpen = ({ leaf }: Pick<SessionSummary, 'leaf'>): boolean => phaseOf(leaf) !== 'ended';

/** How things stand with a session, in words; why it is over, where it is. */
export const standingInWords = ({ leaf, reason }: Pick<SessionSummary, 'leaf' | 'reason'>): string =>
  standings[leaf] ?? reasonInWords(reason ?? null);

const others: Record<Leaf, string> = {
  'active.fresh': 'Signed in.',
  'active.expiring': 'Signed in, and about to be signed out.',
  'lapsed.idle': 'Locked because nobody was active.',
  'lapsed.absolute': 'Locked because the sign-in was long ago.',
  'ended.expired': 'Over: nobody came back in time.',
  'ended.signedOut': 'Over: signed out.',
  'ended.revoked': 'Over: signed out from another device or by an administrator.',
  'ended.displaced': 'Over: the account was used to sign in elsewhere.',
  'ended.compromised': 'Over: an old key was used again, and the account had to be protected.',
};

/** How things stand with somebody else's session, in words. */
export const standingOfOther = ({ leaf }: Pick<SessionSummary, 'leaf'>): string => others[leaf];
