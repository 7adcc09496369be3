import { describe, expect, it } from 'vitest';
import { hours, leaves, minutes, phaseOf, presets } from '../../../../machines/index.ts';
import { standingInWords, standingOfOther } from '../../../../web/app/security/standing.ts';

const policy = {
  ...presets.standard,
  idleTimeout: minutes(45),
  absoluteTimeout: hours(9),
  restoreWindow: hours(7),
};

describe('how things stand with a session', () => {
  it.each([
    ['active.fresh', {}, 'Signed in.'],
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
  ] as const)('%s %j is told to administrators with the limit that it reached', (leaf, more, words) => {
    expect(standingOfOther({ leaf, policy, ...more })).toBe(words);
  });

  it('has words of its own at every leaf that is over', () => {
    const over = leaves.filter((leaf) => phaseOf(leaf) === 'ended');
    expect(new Set(over.map((leaf) => standingOfOther({ leaf, policy }))).size).toBe(over.length);
  });
});
