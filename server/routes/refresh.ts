import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import {
  currentGeneration,
  isLive,
  standingOf,
  successorOf,
  type Instant,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { command } from '../session/command.ts';
import { isAccepted } from '../session/accepted.ts';
import { isDeclared } from '../http/activity.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { firstWord } from '../http/recordUse.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import type { Dependencies } from './dependencies.ts';
import { issueCredential, answerSession } from './answer.ts';

const refresh = z.strictObject({ intent: z.enum(['extend', 'rotate']).default('rotate') });

/** What a refresh with one generation does to a session, given what that generation is worth. */
function eventsOf(state: SessionState, generation: number, extend: boolean, at: Instant): readonly SessionEvent[] {
  const standing = standingOf(state.context, generation, at);
  if (standing === 'stale') return [{ type: 'token.reused', at, generation }];
  if (!isLive(state.leaf) || (standing !== 'current' && standing !== 'grace')) return [];
  const { confirmedAt } = currentGeneration(state.context);
  const answered: readonly SessionEvent[] = extend ? [{ type: 'session.extended', at, generation }] : [];
  if (standing === 'grace') return [...answered, { type: 'token.replayed', at, generation }];
  const confirmed: readonly SessionEvent[] = confirmedAt === null ? [{ type: 'token.confirmed', at, generation }] : [];
  return [...confirmed, ...answered, { type: 'token.rotated', at, generation: generation + 1 }];
}

/** That a Curfew client has spoken for the session, where this request is the first to say so. */
const firstWordOf = (c: Context, state: SessionState, generation: number, at: Instant): readonly SessionEvent[] =>
  isDeclared(c) && isAccepted(state, generation, at) ? firstWord(state, at) : [];

/** Judges a refresh before its body is read: a generation that comes back after its grace ends the session. */
const judgeGeneration =
  (parts: Dependencies): MiddlewareHandler<RouteEnv> =>
  async (c, next) => {
    const { gen } = c.get('who').claims;
    const session = await command(parts, c.get('stored'), (state, at) => {
      const answer = standingOf(state.context, gen, at);
      return { events: answer === 'stale' ? [{ type: 'token.reused', at, generation: gen }] : [], answer };
    });
    if (!session) return problem(c, 'invalid_token');
    c.set('stored', session);
    if (!isLive(session.state.leaf)) return refuseEnded(c, session.state, session.at);
    return session.answer === 'superseded' ? problem(c, 'token_superseded') : next();
  };

/**
 * A new token for an old one. With `intent: "extend"` a person answered; without, it is rotation only and keeps nothing
 * alive. A generation is always answered with the same successor; one that comes back after its grace ends the session.
 *
 * @see RFC 9700 §4.14.2, ASVS 5.0 10.4.5
 */
export const refreshRoutes = (parts: Dependencies) =>
  new Hono<RouteEnv>().post(
    '/refresh',
    requireSession(parts, { counts: false, dead: true, expired: true, anyGeneration: true }),
    judgeGeneration(parts),
    limitBody(),
    body(refresh),
    async (c) => {
      const { claims, transport } = c.get('who');
      const extend = c.req.valid('json').intent === 'extend';
      const session = await command(parts, c.get('stored'), (state, at) => ({
        events: [...firstWordOf(c, state, claims.gen, at), ...eventsOf(state, claims.gen, extend, at)],
        answer: standingOf(state.context, claims.gen, at),
      }));
      if (!session) return problem(c, 'invalid_token');
      c.set('stored', session);
      if (!isLive(session.state.leaf)) return refuseEnded(c, session.state, session.at);
      // Judged again, for the body may have taken its time: the successor of a voided generation must not be given out.
      if (session.answer !== 'current' && session.answer !== 'grace') return problem(c, 'token_superseded');
      if (session.refused) return problem(c, 'cannot_extend', { ...answerSession(c, session, session.at) });

      const successor = successorOf(session.state.context, claims.gen);
      const inJar = transport === 'cookie' && session.answer === 'grace' && successor?.confirmedAt !== null;
      const handed = inJar || !successor ? {} : await issueCredential(parts, c, session, transport, successor);
      return c.json({ ...answerSession(c, session, session.at), ...handed }, 200);
    },
  );
