import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { days, isLive, phaseOf } from '../../machines/index.ts';
import { command, loadCurrent, type Commanded } from '../session/command.ts';
import { query } from '../http/body.ts';
import { requireRecentAuthentication } from '../http/requireRecentAuthentication.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { refuseEnded } from '../http/status.ts';
import type { Stored } from '../store/eventLog.ts';
import type { Dependencies } from './dependencies.ts';
import { revokeSessions } from '../session/revocation.ts';
import { cursor, pageSizes, sessionsOfUser } from '../session/findSessions.ts';
import { historyOf, paging } from '../session/history.ts';
import { summaryOf } from '../session/summary.ts';

const endedKept = days(90);

const listing = z.strictObject({
  ended: z.enum(['true', 'false']).default('false'),
  after: z.string().regex(cursor, 'must be the `next` of a page').optional(),
  limit: z.coerce.number().int().min(1).max(pageSizes.largest).default(pageSizes.largest),
});

/**
 * Answers a request whose session changed while it was handled: `token_superseded` when the session is live, else why
 * it lapsed or ended.
 */
export const refuseSuperseded = (c: Context<RouteEnv>, session: Commanded<unknown>): Refusal => {
  c.set('stored', session);
  return isLive(session.state.leaf) ? problem(c, 'token_superseded') : refuseEnded(c, session.state, session.at);
};

/** A user's own sessions: seeing them, ending them, and their logs. */
export const sessionRoutes = (parts: Dependencies) => {
  const own = requireSession(parts, { counts: false, alarmed: true });
  return new Hono<RouteEnv>()
    .get('/sessions', own, query(listing), async (c) => {
      const { user, id } = c.get('session');
      const { ended, after, limit } = c.req.valid('query');
      if (ended === 'true') {
        const since = parts.clock() - endedKept;
        const { found, next } = await sessionsOfUser(parts, { user, since, after, limit });
        const sessions = found.map((stored) => summaryOf(stored, id));
        return c.json({ sessions, ...(next !== undefined && { next }) }, 200);
      }
      const sessions: Stored[] = [];
      for (const listed of await parts.log.sessionsOf(user)) {
        const settled = await loadCurrent(parts, listed);
        if (settled && phaseOf(settled.state.leaf) !== 'ended') sessions.push(settled);
      }
      return c.json({ sessions: sessions.map((stored) => summaryOf(stored, id)) }, 200);
    })
    .delete('/sessions', own, requireRecentAuthentication(parts), async (c) => {
      const { user, id } = c.get('session');
      const asking = { id, generation: c.get('who').claims.gen };
      const ended = await revokeSessions(parts, {
        user,
        by: user,
        reason: 'user',
        ends: (each) => each !== id,
        asking,
      });
      if (!ended.ok && ended.code === 'not_accepted') return refuseSuperseded(c, ended.asking);
      return c.body(null, 204);
    })
    .delete('/sessions/:id', own, requireRecentAuthentication(parts), async (c) => {
      const { user, id } = c.get('session');
      const other = c.req.param('id') === id ? c.get('stored') : await parts.log.load(c.req.param('id'));
      if (other?.state.context.user !== user) return problem(c, 'not_found');
      const ended = await command(parts, other, (state, at) => ({
        events: phaseOf(state.leaf) === 'ended' ? [] : [{ type: 'session.revoked', at, by: user, reason: 'user' }],
        answer: null,
      }));
      if (ended && other.id === id) c.set('stored', ended);
      return c.body(null, 204);
    })
    .get('/sessions/:id/events', own, query(paging), async (c) => {
      const known = c.get('stored');
      const session = c.req.param('id') === known.id ? known : await loadCurrent(parts, c.req.param('id'));
      if (session?.state.context.user !== c.get('session').user) return problem(c, 'not_found');
      return c.json(await historyOf(parts, session.id, c.req.valid('query').after), 200);
    });
};
