import { describe, expect, it } from 'vitest';
import { hours, minutes, presets, standingInWords, standingOfOther } from '../../machines/index.ts';

const policy = {
  ...presets.standard,
  idleTimeout: minutes(45),
  absoluteTimeout: hours(9),
  restoreWindow: hours(7),
};

describe('how things stand with a session', () => {
  it.each([
    ['active.fresh', {}, 'Signed in.'],
    ['active.expiring', { reason: 'idle' }, 'Signed in, and about to be signed out.'],
    [
      'lapsed.idle',
      { reason: 'idle', lapsedFor: 'idle' },
      'Locked because nobody was active for 45 minutes. The password opens it again.',
    ],
    [
      'lapsed.absolute',
      { reason: 'absolute', lapsedFor: 'absolute' },
      'Locked because the sign-in was 9 hours ago. The password opens it again.',
    ],
    [
      'ended.expired',
      { reason: 'expired', lapsedFor: 'idle' },
      'We signed you out because you were inactive for 45 minutes. You did not come back within 7 hours.',
    ],
    [
      'ended.expired',
      { reason: 'expired', lapsedFor: 'absolute' },
      'We signed you out because you signed in 9 hours ago. You did not come back within 7 hours.',
    ],
    ['ended.expired', { reason: 'absolute' }, 'We signed you out because you signed in 9 hours ago.'],
    ['ended.signedOut', { reason: 'signed_out', lapsedFor: 'idle' }, 'You signed out.'],
    ['ended.revoked', {}, 'You are not signed in any more.'],
    [
      'lapsed.idle',
      { reason: 'idle', lapsedFor: 'idle', method: ['pwd', 'otp'] },
      'Locked because nobody was active for 45 minutes. The password opens it again.',
    ],
    [
      'lapsed.idle',
      { reason: 'idle', lapsedFor: 'idle', method: ['hwk', 'user'] },
      'Locked because nobody was active for 45 minutes. Signing in again opens it.',
    ],
  ] as const)('%s %j is told to its owner with the limit that it reached', (leaf, more, words) => {
    expect(standingInWords({ leaf, policy, ...more })).toBe(words);
  });

  it.each([
    ['lapsed.idle', { lapsedFor: 'idle' }, 'Locked because nobody was active for 45 minutes.'],
    ['lapsed.absolute', { lapsedFor: 'absolute' }, 'Locked because the sign-in was 9 hours ago.'],
    ['ended.expired', { lapsedFor: 'idle' }, 'Over: nobody came back within 7 hours.'],
    ['ended.expired', {}, 'Over: the sign-in was 9 hours ago.'],
    ['ended.signedOut', {}, 'Over: signed out.'],
    ['ended.revoked', {}, 'Over: signed out from another device or by an administrator.'],
    ['ended.displaced', {}, 'Over: the account was used to sign in elsewhere.'],
    ['ended.compromised', {}, 'Over: an old key was used again, and the account had to be protected.'],
  ] as const)('%s %j is told to administrators with the limit that it reached', (leaf, more, words) => {
    expect(standingOfOther({ leaf, policy, ...more })).toBe(words);
  });
});
