import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import {
  days,
  isFreshlyAuthenticated,
  isLive,
  phaseOf,
  reasonOf,
  replay,
  type SessionEvent,
} from '../../machines/index.ts';
import { change, command, current, tell } from '../command.ts';
import { query } from '../http/body.ts';
import { guard, type SessionEnv } from '../http/judge.ts';
import { problem } from '../http/problem.ts';
import type { LogEntry, Stored } from '../log/eventLog.ts';
import type { Parts } from '../parts.ts';
import { StoreUnavailable } from '../unavailable.ts';

const endedKept = days(90);
const pageSize = 1_000;
const attempts = 20;

const listing = z.strictObject({ ended: z.enum(['true', 'false']).default('false') });
const paging = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });

const summaryOf = ({ id, state, device }: Stored, own: string) => {
  const { startedAt, authenticatedAt, lastActivityAt, lapsedAt, endedAt, version } = state.context;
  const reason = reasonOf(state);
  return {
    id,
    current: id === own,
    state: phaseOf(state.leaf),
    leaf: state.leaf,
    ...(reason && { reason }),
    version,
    device,
    startedAt,
    authenticatedAt,
    lastActivityAt,
    ...(lapsedAt !== null && { lapsedAt }),
    ...(endedAt !== null && { endedAt }),
  };
};

/** Ending sessions needs a person who has just proved who they are. @see ASVS 5.0 7.5.1, 7.5.2 */
const fresh =
  (parts: Parts): MiddlewareHandler<SessionEnv> =>
  async (c, next) => {
    const { context } = c.get('stored').state;
    return isFreshlyAuthenticated(context, parts.clock()) ? next() : problem(c, 'reauthentication_required');
  };

const revoked = (by: string, at: number): SessionEvent => ({ type: 'session.revoked', at, by, reason: 'user' });

async function entriesUpTo(
  parts: Parts,
  id: string,
  after: number,
): Promise<{ all: readonly LogEntry[]; more: boolean }> {
  const all: LogEntry[] = [];
  for (;;) {
    const page = await parts.log.read(id, all.length, pageSize);
    all.push(...page);
    if (page.length < pageSize) return { all, more: false };
    if (all.length >= after + pageSize) return { all: all.slice(0, after + pageSize), more: true };
  }
}

/** Ends all other sessions of a user, and voids sign-ins that are under way. */
async function endOthers(parts: Parts, user: string, own: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const account = await parts.log.account(user);
    const others = (await parts.log.sessionsOf(user)).filter(({ id }) => id !== own);
    const at = Math.max(parts.clock(), ...others.map(({ state }) => state.context.updatedAt));
    const changes = others
      .map((stored) => change(stored, [revoked(user, at)], at).change)
      .filter((each) => each !== null);
    if ((await parts.log.append(changes, { user, account, raiseEpoch: true })) !== 'appended') continue;
    for (const { id, entries } of changes) tell(parts, id, user, entries);
    return;
  }
  throw new StoreUnavailable('this account is changing too fast');
}

/** A user's own sessions: seeing them, ending them, and their logs. */
export const sessionRoutes = (parts: Parts) => {
  const own = guard(parts, { counts: false, alarmed: true });
  return new Hono<SessionEnv>()
    .get('/sessions', own, query(listing), async (c) => {
      const { user, id } = c.get('session');
      const wanted = c.req.valid('query').ended === 'true';
      for (const { id: each } of await parts.log.sessionsOf(user)) await current(parts, each);
      const sessions = await parts.log.sessionsOf(user, wanted ? parts.clock() - endedKept : undefined);
      return c.json({ sessions: sessions.map((stored) => summaryOf(stored, id)) }, 200);
    })
    .delete('/sessions', own, fresh(parts), async (c) => {
      const { user, id } = c.get('session');
      await endOthers(parts, user, id);
      return c.body(null, 204);
    })
    .delete('/sessions/:id', own, fresh(parts), async (c) => {
      const { user, id } = c.get('session');
      const other = await parts.log.load(c.req.param('id'));
      if (other?.state.context.user !== user) return problem(c, 'not_found');
      const ended = await command(parts, other.id, (state, at) => ({
        events: isLive(state.leaf) || phaseOf(state.leaf) === 'lapsed' ? [revoked(user, at)] : [],
        answer: null,
      }));
      if (ended && other.id === id) c.set('stored', ended);
      return c.body(null, 204);
    })
    .get('/sessions/:id/events', own, query(paging), async (c) => {
      const session = await current(parts, c.req.param('id'));
      if (session?.state.context.user !== c.get('session').user) return problem(c, 'not_found');
      const { after } = c.req.valid('query');
      const { all, more } = await entriesUpTo(parts, session.id, after);
      const events = all.slice(after);
      return c.json({ events, ...(more && { next: all.length }), replay: replay(all) }, 200);
    });
};
