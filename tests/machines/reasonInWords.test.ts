import { describe, expect, it } from 'vitest';
import { presets, reasonInWords, reasonsInEnglish } from '../../machines/index.ts';

const { standard: policy } = presets;

describe('why a user is not signed in any more', () => {
  it.each([
    ['idle', 'We signed you out because you were inactive for 30 minutes.'],
    ['absolute', 'We signed you out because you signed in 12 hours ago.'],
    ['signed_out', 'You signed out.'],
    ['revoked', 'You were signed out from another device or by an administrator.'],
    ['displaced', 'You were signed out because this account was used to sign in elsewhere.'],
    ['compromised', 'We signed you out to protect your account: an old key to it was used again.'],
    ['expired', 'You were away for a long time, so you need to sign in again.'],
    [null, 'You are not signed in any more.'],
  ] as const)('is told of %s with the limit that was reached: “%s”', (reason, words) => {
    expect(reasonInWords(reason, policy)).toBe(words);
    expect(words).not.toMatch(/session|timed out|modal|sorry/i);
  });

  it.each([
    ['idle', 'We signed you out because you were inactive.'],
    ['absolute', 'We signed you out because you signed in a long time ago.'],
  ] as const)('is told of %s where no limit is known, too: “%s”', (reason, words) => {
    expect(reasonInWords(reason)).toBe(words);
  });

  it('WCAG 3.1.2 is told in the language that is asked for, its durations, too', () => {
    expect(reasonsInEnglish.language).toBe('en');
    const reasons = { ...reasonsInEnglish.reasons, idle: () => 'Zu lange nichts getan.' };
    const german = { language: 'de', noReason: 'Abgemeldet.', reasons };
    expect(reasonInWords('idle', policy, german)).toBe('Zu lange nichts getan.');
    expect(reasonInWords('absolute', policy, german)).toContain('12 Stunden');
    expect(reasonInWords(null, policy, german)).toBe('Abgemeldet.');
  });
});
