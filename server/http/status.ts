import type { Context } from 'hono';
import { lapsesAt, phaseOf, reasonOf, type Instant, type SessionState } from '../../machines/index.ts';
import { problem, type ProblemExtra, type Refusal } from './problem.ts';

/**
 * `Session-Status`: the state, whole seconds to the nearest deadline of a live session, why, and the version.
 *
 * @see RFC 9651
 */
export function statusOf(state: SessionState, at: Instant): string {
  const phase = phaseOf(state.leaf);
  const reason = reasonOf(state);
  const because = reason ? `; reason=${reason}` : '';
  const version = `; version=${state.context.version}`;
  if (phase !== 'active' && phase !== 'expiring') return `${phase}${because}${version}`;
  const left = Math.max(0, Math.floor((lapsesAt(state.context) - at) / 1000));
  return `${phase}; expires-in=${left}${because}${version}`;
}

/** What the problem of a lapsed or ended session says: why, since when, and whether it can be resumed. */
export function endDetails(state: SessionState, at: Instant): ProblemExtra {
  const { lapsedAt, lapsedFor, endedAt, policy } = state.context;
  const lapsed = phaseOf(state.leaf) === 'lapsed';
  return {
    reason: reasonOf(state),
    ...(lapsedAt !== null && { lapsedAt, lapsedFor }),
    ...(endedAt !== null && { endedAt }),
    restorable: lapsed,
    ...(lapsed && lapsedAt !== null && { restorableUntil: lapsedAt + policy.restoreWindow }),
    serverNow: at,
  };
}

/** Answers a request for a session that has lapsed or ended: 401, or 410 for an attempt to resume it. */
export function refuseEnded(c: Context, state: SessionState, at: Instant, status: 401 | 410 = 401): Refusal {
  c.header('Session-Status', statusOf(state, at));
  const code = phaseOf(state.leaf) === 'lapsed' ? 'session_lapsed' : 'session_ended';
  return problem(c, code, { ...endDetails(state, at), status });
}
