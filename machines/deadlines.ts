import type { Limit } from './policy.ts';
import type { SessionContext } from './session.context.ts';
import type { Duration, Instant } from './time.ts';

/** When the session lapses if its user does nothing, leases counted; not clamped to the absolute limit. */
export function idleDeadline(context: SessionContext): Instant {
  let deadline = context.lastActivityAt + context.policy.idleTimeout;
  for (const kind in context.leases) deadline = Math.max(deadline, context.leases[kind] ?? 0);
  return deadline;
}

/** When the session lapses whatever its user does. @see ASVS 5.0 7.3.2 */
export const absoluteDeadline = (context: SessionContext): Instant =>
  context.authenticatedAt + context.policy.absoluteTimeout;

/** The nearer of both limits: the instant at which an active session lapses. */
export const lapsesAt = (context: SessionContext): Instant =>
  Math.min(idleDeadline(context), absoluteDeadline(context));

/** Which limit comes first; when both fall together it is the absolute one, for no answer could move it. */
export const nearestLimit = (context: SessionContext): Limit =>
  absoluteDeadline(context) <= idleDeadline(context) ? 'absolute' : 'idle';

/** When the person is to be warned. */
export const warnAt = (context: SessionContext): Instant => lapsesAt(context) - context.policy.warnBefore;

/** Whether an answer to the warning would gain any time. */
export const canExtend = (context: SessionContext): boolean => absoluteDeadline(context) > idleDeadline(context);

/**
 * Until when a lapsed session can be resumed, `null` when it has not lapsed. A policy that was tightened since, and lets
 * nobody resume from this limit any more, leaves no time.
 */
export function restorableUntil({ lapsedAt, lapsedFor, policy }: SessionContext): Instant | null {
  if (lapsedAt === null) return null;
  return policy.restoreFrom.some((limit) => limit === lapsedFor) ? lapsedAt + policy.restoreWindow : lapsedAt;
}

/** When the person was really there, from how long ago the browser says it was. Never in the future or before the last. */
export const seenAt = (context: SessionContext, at: Instant, age: Duration): Instant =>
  Math.min(at, Math.max(context.lastActivityAt, at - age));
