import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { phaseOf } from '../../machines/index.ts';
import { historyOf, paging } from '../session/history.ts';
import { summaryOf } from '../session/summary.ts';
import { command, loadCurrent } from '../session/command.ts';
import { query } from '../http/body.ts';
import { requireRecentAuthentication } from '../http/requireRecentAuthentication.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import type { Stored } from '../store/eventLog.ts';
import type { Dependencies } from './dependencies.ts';
import { revokeSessions } from '../session/revocation.ts';
import { cursor, findableStates, findSessions, pageSizes } from '../session/findSessions.ts';

const search = z.strictObject({
  user: z.string().min(1).max(200).optional(),
  state: z.enum(findableStates).optional(),
  after: z.string().regex(cursor, 'must be the `next` of a page').optional(),
  limit: z.coerce.number().int().min(1).max(pageSizes.largest).default(pageSizes.default),
});

/** Lets only administrators through, as their role is at this moment. @see ASVS 5.0 8.3.1, 16.3.2 */
const administrator =
  (parts: Dependencies, addressOf: (c: Context) => string | null): MiddlewareHandler<RouteEnv> =>
  async (c, next) => {
    const { user } = c.get('session');
    if ((await parts.roleOf(user)) === 'administrator') return next();
    const address = addressOf(c);
    await parts.securityLog.record({
      at: parts.clock(),
      kind: 'access_denied',
      user,
      ...(address !== null && { address }),
    });
    return problem(c, 'forbidden');
  };

/** The session of the request itself, which is known already, or the id of another. */
const knownOr = (c: Context<RouteEnv>, id: string): Stored | string => {
  const own = c.get('stored');
  return own.id === id ? own : id;
};

/** The names of the users of some sessions, by id. A deleted user has none. */
async function namesOf(parts: Pick<Dependencies, 'accounts'>, sessions: readonly Stored[]) {
  const users = [...new Set(sessions.map(({ state }) => state.context.user))];
  const people = await Promise.all(users.map((user) => parts.accounts.byId(user)));
  return new Map(people.flatMap((person) => (person ? [[person.id, person.username] as const] : [])));
}

/**
 * What administrators can do: find the sessions of any user, read their logs and end them, after a recent proof of who
 * they are.
 *
 * @see ASVS 5.0 7.4.5
 */
export const adminRoutes = (parts: Dependencies, addressOf: (c: Context) => string | null) => {
  const { accounts, log } = parts;
  const idOf = async (user: string) => (await accounts.byId(user))?.id ?? (await accounts.find(user))?.id ?? user;
  const signedIn = requireSession(parts, { counts: false, alarmed: true });
  const allowed = administrator(parts, addressOf);
  const recent = requireRecentAuthentication(parts);
  return new Hono<RouteEnv>()
    .get('/sessions', signedIn, allowed, recent, query(search), async (c) => {
      const { user, ...asked } = c.req.valid('query');
      const { found, next } = await findSessions(parts, { ...asked, user: user && (await idOf(user)) });
      const names = await namesOf(parts, found);
      return c.json(
        {
          sessions: found.map((stored) => {
            const { user: id } = stored.state.context;
            return { ...summaryOf(stored, c.get('session').id), user: { id, username: names.get(id) ?? null } };
          }),
          ...(next !== undefined && { next }),
        },
        200,
      );
    })
    .get('/sessions/:id/events', signedIn, allowed, recent, query(paging), async (c) => {
      const session = await loadCurrent(parts, knownOr(c, c.req.param('id')));
      if (!session) return problem(c, 'not_found');
      return c.json(await historyOf(parts, session.id, c.req.valid('query').after), 200);
    })
    .delete('/sessions/:id', signedIn, allowed, recent, async (c) => {
      const { user: by, id: own } = c.get('session');
      const ended = await command(parts, knownOr(c, c.req.param('id')), (state, at) => ({
        events: phaseOf(state.leaf) === 'ended' ? [] : [{ type: 'session.revoked', at, by, reason: 'admin' }],
        answer: null,
      }));
      if (!ended) return problem(c, 'not_found');
      if (ended.id === own) c.set('stored', ended);
      return c.body(null, 204);
    })
    .delete('/users/:id/sessions', signedIn, allowed, recent, async (c) => {
      const { user: by, id: own } = c.get('session');
      const user = c.req.param('id');
      const isKnown = (await accounts.byId(user)) !== null || (await log.pageOf(user, {}, 1)).length > 0;
      if (!isKnown) return problem(c, 'not_found');
      const revoked = await revokeSessions(parts, { user, by, reason: 'admin' });
      const ownEnd = revoked.ok && revoked.ended.find((each) => each.id === own);
      if (ownEnd) c.set('stored', ownEnd);
      return c.body(null, 204);
    });
};
