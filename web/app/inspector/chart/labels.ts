import type { ChartTransition, Duration, Policy } from '../../../../machines/index.ts';
import { durationInWords } from '../../../index.ts';

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

/** What is asked before a transition is taken, with the policy's own durations; `null` when nothing is. */
export function guardInWords({ guard }: ChartTransition, policy: Policy | null): string | null {
  if (guard === null) return null;
  const limit = policy && limits[guard]?.(policy);
  if (!limit) return `[${guard}]`;
  const [before, duration, after] = limit;
  return `[${guard}: ${before}${durationInWords(duration)}${after}]`;
}

/** A transition in one line: what happens, and under which condition. */
export function labelOf(transition: ChartTransition, policy: Policy | null): string {
  const guard = guardInWords(transition, policy);
  return guard === null ? transition.event : `${transition.event} ${guard}`;
}
