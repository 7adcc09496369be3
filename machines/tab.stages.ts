import type { WarningStage } from './events.ts';
import { minutes, type Duration, type Instant } from './time.ts';
import { nearestDeadline, type SessionView } from './view.ts';

/** How long before the deadline the warning becomes a dialog: two minutes, or half of a shorter warning. */
export const dialogBefore = (view: SessionView): Duration => Math.min(minutes(2), view.policy.warnBefore / 2);

/** When the warning becomes a dialog. */
export const dialogAt = (view: SessionView): Instant => nearestDeadline(view) - dialogBefore(view);

/** What the person is to see at an instant: nothing, the toast, the dialog, or that it is over. */
export function stageAt(view: SessionView, at: Instant): WarningStage | 'none' | 'over' {
  if (at >= nearestDeadline(view)) return 'over';
  if (at >= dialogAt(view)) return 'dialog';
  return at >= view.warnAt ? 'toast' : 'none';
}

/** The next instant at which what the person sees changes by itself; `null` when it never will. */
export function nextStageAt(view: SessionView, at: Instant): Instant | null {
  return [view.warnAt, dialogAt(view), nearestDeadline(view)].find((instant) => instant > at) ?? null;
}
