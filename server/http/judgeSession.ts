import type { Context } from 'hono';
import { isLive, phaseOf, standingOf } from '../../machines/index.ts';
import { command, type Commanded } from '../session/command.ts';
import type { Stored } from '../store/eventLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import { forgetPresented, type Credential } from './presented.ts';
import { problem } from './problem.ts';
import { refuseEnded, statusOf } from './status.ts';

/** Which credentials a route accepts that are not quite valid any more. */
export interface AcceptOptions {
  /** Answers for a session that is over, too. */
  readonly dead?: boolean;
  /** Takes an expired token of a live session. */
  readonly expired?: boolean;
  /** Writes down when a dead session is used: ordinary routes only. */
  readonly alarmed?: boolean;
  /** Takes every generation that ever was, and judges it by itself. */
  readonly anyGeneration?: boolean;
}

/**
 * Judges a credential by its session's own state, in the fixed order: state, generation, `exp`. The use of
 * a live token of a dead session is worth an entry, now and then.
 *
 * @param session its id, or the session as it was loaded before
 * @returns the settled session, or the refusal to answer with.
 * @see ASVS 5.0 7.4.1, RFC 8725
 */
export async function judgeSession(
  parts: HttpDependencies,
  c: Context,
  { claims }: Credential,
  accept: AcceptOptions,
  session: string | Stored,
): Promise<Commanded<null> | Response> {
  const judged = await command(parts, session, ({ leaf, context }, at) => {
    const isAlarming = accept.alarmed && !isLive(leaf) && context.user === claims.sub && at < claims.exp * 1000;
    return { events: isAlarming ? [{ type: 'session.usedAfterEnd', at }] : [], answer: null };
  });
  if (judged?.state.context.user !== claims.sub) return problem(c, 'invalid_token');

  const { state, at } = judged;
  if (phaseOf(state.leaf) === 'ended') forgetPresented(parts, c);
  if (!isLive(state.leaf)) return accept.dead ? judged : refuseEnded(c, state, at);
  const standing = standingOf(state.context, claims.gen, at);
  const status = { 'Session-Status': statusOf(state, at) };
  if (standing === 'unknown') return problem(c, 'invalid_token');
  const isOver = standing === 'superseded' || standing === 'stale';
  if (isOver) forgetPresented(parts, c);
  if (isOver && !accept.anyGeneration) return problem(c, 'token_superseded', { headers: status });
  if (!accept.expired && at >= claims.exp * 1000) return problem(c, 'token_expired', { headers: status });
  return judged;
}
