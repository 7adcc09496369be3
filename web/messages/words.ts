import { durationInWords, minutes, seconds, timeAgoInWords, type Duration, type Policy } from '../../machines/index.ts';
import { english } from './english.ts';
import type { Messages } from './messages.types.ts';

/** Things one after the other: "3 conversations, 1 draft, and settings". */
export const listInWords = (things: readonly string[], { language }: Messages = english): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(things);

/** How long ago, in words: "just now", "2 minutes ago". */
export const agoInWords = (duration: Duration, { language, justNow }: Messages = english): string =>
  duration < minutes(1) ? justNow : timeAgoInWords(duration, language);

/** The line that tells once, at sign-in, how long this lasts. @see WCAG 2.2.6 */
export const toldAtSignIn = (policy: Policy, messages: Messages = english): string =>
  messages.toldAtSignIn(
    durationInWords(policy.idleTimeout, messages.language),
    durationInWords(policy.restoreWindow, messages.language),
  );

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
export const announcementInWords = ({ at }: Announcement, messages: Messages = english): string =>
  messages.warning.spoken(durationInWords(seconds(at), messages.language));
