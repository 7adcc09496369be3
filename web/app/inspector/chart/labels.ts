import type { ChartTransition, Duration, Policy } from '../../../../machines/index.ts';
import { durationInWords } from '../../../react/index.ts';

/** The limit that a guard asks about, with what a policy says it is. */
const limits: Readonly<Record<string, (policy: Policy) => readonly [before: string, limit: Duration, after: string]>> =
  {
    isWarningTime: ({ warnBefore }) => ['', warnBefore, ' before the limit'],
    comesWarning: ({ warnBefore }) => ['', warnBefore, ' before the limit'],
    isPastIdle: ({ idleTimeout }) => ['after ', idleTimeout, ''],
    isPastAbsolute: ({ absoluteTimeout }) => ['after ', absoluteTimeout, ''],
    isPastAbsoluteForGood: ({ absoluteTimeout }) => ['after ', absoluteTimeout, ''],
    isPastRestoreWindow: ({ restoreWindow }) => ['after ', restoreWindow, ''],
    comesExpiry: ({ restoreWindow }) => ['after ', restoreWindow, ''],
    isWorthRecording: ({ activityResolution }) => ['every ', activityResolution, ''],
    isLeaseAllowed: ({ maxLease }) => ['at most ', maxLease, ''],
    isInGrace: ({ rotationGrace }) => ['within ', rotationGrace, ''],
    isStale: ({ rotationGrace }) => ['after ', rotationGrace, ''],
  };

/** How long a transition's guard waits, by a policy; `null` when that is no matter of time. */
export function durationOf({ guard }: ChartTransition, policy: Policy | null): string | null {
  const limit = guard === null || policy === null ? undefined : limits[guard]?.(policy);
  if (!limit) return null;
  const [before, duration, after] = limit;
  return `${before}${durationInWords(duration)}${after}`;
}

/** A transition in a few short lines: what happens, under which condition, after how long. */
export function linesOf(transition: ChartTransition, policy: Policy | null): readonly string[] {
  const { event, guard } = transition;
  const duration = durationOf(transition, policy);
  return [event, ...(guard === null ? [] : [`[${guard}]`]), ...(duration === null ? [] : [duration])];
}

/** A transition in one line. */
export function labelOf(transition: ChartTransition, policy: Policy | null): string {
  const { event, guard } = transition;
  const duration = durationOf(transition, policy);
  if (guard === null) return event;
  return duration === null ? `${event} [${guard}]` : `${event} [${guard}: ${duration}]`;
}
