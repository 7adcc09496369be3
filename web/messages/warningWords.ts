import {
  dialogBefore,
  durationInWords,
  nearestDeadline,
  seconds,
  type Duration,
  type SessionView,
  type WarningStage,
} from '../../machines/index.ts';
import type { Messages } from './messages.types.ts';

/**
 * The time left as the warning's sentences say it: whole minutes while there are some, and then that it is less than one, so
 * that text beside the clock changes as seldom as it can and never says less than there is.
 *
 * @param remaining whole seconds to the end
 * @param opening whole seconds to the end when the warning was opened
 */
export function timeLeftInWords(remaining: number, opening: number, { language, warning }: Messages): string {
  if (remaining <= 60) return warning.lessThanAMinute;
  return durationInWords(seconds(Math.min(Math.ceil(remaining / 60) * 60, opening)), language);
}

/** The visible clock: minutes and seconds, or hours where a warning is that long. */
export function clockText(remaining: number): string {
  const parts = [Math.floor(remaining / 3600), Math.floor(remaining / 60) % 60, remaining % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}

/**
 * How much time is left when a stage of the warning opens, in whole seconds: the policy's, or less where a tab is opened
 * or wakes up later than that.
 */
export function openingOf(view: SessionView, stage: WarningStage, remaining: number): number {
  const before: Duration = stage === 'toast' ? view.policy.warnBefore : dialogBefore(view);
  const late = remaining > 60 ? Math.ceil(remaining / 60) * 60 : remaining;
  return Math.min(Math.ceil(before / 1000), late);
}

/** What the first warning says: how long is left, and why: the user was away, or it has lasted as long as it may. */
export const firstInWords = ({ canExtend, policy }: SessionView, left: string, messages: Messages): string =>
  canExtend
    ? messages.warning.first(left)
    : messages.warning.firstAbsolute(left, durationInWords(policy.absoluteTimeout, messages.language));

/** What the last warning says. */
export const lastInWords = (view: SessionView | null, left: string, messages: Messages): string =>
  view === null || view.canExtend
    ? messages.warning.last(left)
    : messages.warning.lastAbsolute(left, durationInWords(view.policy.absoluteTimeout, messages.language));

/** Whole seconds that were left at an instant. */
export const leftAt = (view: SessionView, at: number): number =>
  Math.max(0, Math.ceil((nearestDeadline(view) - at) / 1000));
