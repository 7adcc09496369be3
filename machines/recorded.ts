import { seenAt } from './deadlines.ts';
import type { SessionState } from './driver.ts';
import type { SessionEvent } from './events.ts';
import { currentGeneration, standingOf } from './generations.ts';
import { isLive, phaseOf } from './leaf.ts';
import type { SessionContext } from './session.context.ts';
import { tightened } from './tighten.ts';
import { minutes, seconds, type Instant } from './time.ts';

const quietAfterEnd = seconds(10);
const usedAfterEndEvery = minutes(1);
const usedAfterEndAtMost = 10;

/** Whether activity is worth an entry: it gains at least `activityResolution`. */
export function isActivityRecorded(
  context: SessionContext,
  { at, seenAt: claimed }: { readonly at: Instant; readonly seenAt: Instant },
): boolean {
  const gained = seenAt(context, at, at - claimed) - context.lastActivityAt;
  return gained > 0 && gained >= context.policy.activityResolution;
}

/** Whether the use of a dead session is worth an entry: one a minute, ten in all, none in the first 10 s after the end. */
export function isUseAfterEndRecorded(context: SessionContext, at: Instant): boolean {
  const { count, lastAt } = context.usedAfterEnd;
  const deadSince = context.endedAt ?? context.lapsedAt ?? at;
  const quietUntil = Math.max(deadSince + quietAfterEnd, (lastAt ?? -Infinity) + usedAfterEndEvery);
  return count < usedAfterEndAtMost && at >= quietUntil;
}

/**
 * Whether an event is accepted by a session whose clock is settled, and changes nothing: most requests say nothing that is
 * worth an entry, and need no step of the machine. What this says of an event, the machine says too; the tests compare
 * them.
 */
export function isWithoutEffect({ leaf, context }: SessionState, event: SessionEvent): boolean {
  switch (event.type) {
    case 'activity.seen':
      return leaf === 'active.expiring' || (leaf === 'active.fresh' && !isActivityRecorded(context, event));
    case 'warning.shown':
      return leaf === 'active.fresh' || (leaf === 'active.expiring' && context.warned.includes(event.stage));
    case 'lease.released':
      return leaf === 'active.fresh' && !Object.hasOwn(context.leases, event.kind);
    case 'client.heard':
      return isLive(leaf) && context.heard === true;
    case 'policy.applied':
      return phaseOf(leaf) !== 'ended' && tightened(context, event.policy) === context.policy;
    case 'token.confirmed': {
      const isConfirmed = currentGeneration(context).confirmedAt !== null;
      return isLive(leaf) && isConfirmed && standingOf(context, event.generation, event.at) === 'current';
    }
    case 'session.usedAfterEnd':
      return !isLive(leaf) && !isUseAfterEndRecorded(context, event.at);
    case 'clock.reached':
    case 'lease.taken':
    case 'session.extended':
    case 'token.rotated':
    case 'token.replayed':
    case 'token.reused':
    case 'user.reauthenticated':
    case 'user.signedOut':
    case 'session.revoked':
    case 'session.displaced':
      return false;
  }
}
