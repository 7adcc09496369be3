import { minutes, seconds, type Duration, type Policy, type Reason } from '../machines/index.ts';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

const plurals = new Intl.PluralRules('en');
const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** A number of things in words: "1 draft", "3 conversations". */
export function countInWords(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${plurals.select(count) === 'one' ? singular : plural}`;
}

/** Things one after the other: "3 conversations, 1 draft, and settings". */
export const listInWords = (things: readonly string[]): string => list.format(things);

/**
 * A length of time in words, in its largest unit and, where that matters, the next: "30 minutes", "1 hour 30 minutes".
 * Up to two minutes every second counts; above, seconds are left out. Rounded down, so that nothing is promised.
 *
 * @param duration in ms
 */
export function durationInWords(duration: Duration): string {
  const whole = Math.max(0, Math.floor(duration / 1000));
  const rounded = whole < 120 ? whole : whole - (whole % 60);
  // One day is 24 hours: days are counted from two on.
  const first = units.findIndex(([unit, size]) => rounded >= size * (unit === 'day' ? 2 : 1));
  if (first === -1) return countInWords(0, 'second');
  const parts: string[] = [];
  let rest = rounded;
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(countInWords(count, unit));
  }
  return parts.join(' ');
}

/** How long ago, in words: "just now", "2 minutes ago". Below a minute nobody needs the seconds. */
export function agoInWords(duration: Duration): string {
  if (duration < minutes(1)) return 'just now';
  const unit = units.find(([, size]) => duration >= size * 1000);
  const [name, size] = unit ?? units[3];
  return `${countInWords(Math.floor(duration / (size * 1000)), name)} ago`;
}

/** The line that tells once, at sign-in, how long this lasts. @see WCAG 2.2.6 */
export function toldAtSignIn(policy: Policy): string {
  const idle = durationInWords(policy.idleTimeout);
  const kept = durationInWords(policy.restoreWindow);
  return `For your security we sign you out after ${idle} without activity. Your work is kept on this device for ${kept}.`;
}

const reasons: Record<Reason, (policy?: Policy) => string> = {
  idle: (policy) =>
    policy
      ? `We signed you out because you were inactive for ${durationInWords(policy.idleTimeout)}.`
      : 'We signed you out because you were inactive.',
  absolute: (policy) =>
    policy
      ? `We signed you out because you signed in ${durationInWords(policy.absoluteTimeout)} ago.`
      : 'We signed you out because you signed in a long time ago.',
  signed_out: () => 'You signed out.',
  revoked: () => 'You were signed out from another device or by an administrator.',
  displaced: () => 'You were signed out because this account was used to sign in elsewhere.',
  compromised: () => 'We signed you out to protect your account: an old key to it was used again.',
  expired: () => 'You were away for a long time, so you need to sign in again.',
};

/** Why somebody is not signed in any more, as a sentence. */
export const reasonInWords = (reason: Reason | null, policy?: Policy): string =>
  reason === null ? 'You are not signed in any more.' : reasons[reason](policy);

/** How urgently something is spoken. */
export type Politeness = 'polite' | 'assertive';

/** One thing that is said aloud: from when, in seconds before the end, and how urgently. */
export interface Announcement {
  readonly at: number;
  readonly politeness: Politeness;
}

/** When the time left is spoken: never each second. @see WCAG 4.1.3 */
export const announcements: readonly Announcement[] = [
  { at: 300, politeness: 'polite' },
  { at: 120, politeness: 'polite' },
  { at: 60, politeness: 'polite' },
  { at: 30, politeness: 'polite' },
  { at: 20, politeness: 'polite' },
  { at: 10, politeness: 'assertive' },
];

/**
 * The announcement that is in force at a time left: the last one that is due, so that a late look says it once and not
 * all that were missed.
 *
 * @param remaining whole seconds to the end
 * @returns `null` before the first and when there is nothing left
 */
export function announcementAt(remaining: number): Announcement | null {
  if (remaining <= 0) return null;
  return announcements.findLast(({ at }) => remaining <= at) ?? null;
}

/** What is spoken: the same text from one announcement to the next, so that it is said once. */
export const announcementInWords = ({ at }: Announcement): string =>
  `You will be signed out in ${durationInWords(seconds(at))}.`;
