import type { SessionState } from './driver.ts';
import { canExtend } from './deadlines.ts';
import { isSessionEvent, isSessionEventType, type SessionEvent } from './events.ts';
import { isLive, phaseOf } from './leaf.ts';

/**
 * Why an event was refused. Expected outcomes, not errors: `unknown_event` (no such type), `invalid_event` (an instant
 * that is no number), `session_lapsed` / `session_ended` (too late), `cannot_extend` (the absolute limit comes first),
 * `answer_first` (no leases during the warning), `lease_forbidden` (by policy), `wrong_generation` (not the one this
 * event is about), `not_allowed` (anything else this state has no arrow for).
 */
export type Refusal =
  | 'unknown_event'
  | 'invalid_event'
  | 'session_lapsed'
  | 'session_ended'
  | 'cannot_extend'
  | 'answer_first'
  | 'lease_forbidden'
  | 'wrong_generation'
  | 'not_allowed';

/** @returns why the event cannot reach the machine at all, or `null`. */
export function malformed(event: SessionEvent): Refusal | null {
  if (!isSessionEventType(event.type)) return 'unknown_event';
  return isSessionEvent(event) ? null : 'invalid_event';
}

/** Names the reason of a refusal that the machine has made by having no arrow for the event. */
export function refusalOf({ leaf, context }: SessionState, event: SessionEvent): Refusal {
  const phase = phaseOf(leaf);
  if (!isLive(leaf) && event.type !== 'token.reused' && event.type !== 'user.reauthenticated')
    return phase === 'lapsed' ? 'session_lapsed' : 'session_ended';
  switch (event.type) {
    case 'session.extended':
      return canExtend(context) ? 'not_allowed' : 'cannot_extend';
    case 'lease.taken':
    case 'lease.released':
      return phase === 'expiring' ? 'answer_first' : 'lease_forbidden';
    case 'token.rotated':
    case 'token.confirmed':
    case 'token.replayed':
    case 'token.reused':
    case 'user.reauthenticated':
      return phase === 'ended' ? 'session_ended' : 'wrong_generation';
    case 'clock.reached':
    case 'activity.seen':
    case 'user.signedOut':
    case 'session.revoked':
    case 'session.displaced':
    case 'warning.shown':
    case 'session.usedAfterEnd':
    case 'client.heard':
    case 'policy.applied':
      return 'not_allowed';
  }
}
