import { Hono } from 'hono';
import { z } from 'zod';
import { isLive, seenAt } from '../../machines/index.ts';
import { command } from '../command.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { guard, isGood, type SessionEnv } from '../http/judge.ts';
import { problem } from '../http/problem.ts';
import { dead } from '../http/status.ts';
import type { Parts } from '../parts.ts';
import { show } from './answer.ts';

const activity = z.strictObject({ ageMs: z.number().min(0) });

/** What a browser asks of its own session. Nothing here but `activity` ever keeps it alive. */
export const infoRoutes = (parts: Parts) =>
  new Hono<SessionEnv>()
    .get('/me', guard(parts, { counts: false, alarmed: true }), async (c) => {
      const user = await parts.accounts.byId(c.get('session').user);
      return user ? c.json({ user }, 200) : problem(c, 'not_found');
    })
    .get('/vault-key', guard(parts, { counts: false, alarmed: true }), async (c) =>
      c.json({ vaultKey: await parts.vault.vaultKey(c.get('session').user) }, 200),
    )
    .get('/session-info', guard(parts, { counts: false, dead: true, expired: true }), async (c) => {
      const session = c.get('stored');
      c.header('ETag', `W/"${session.state.context.version}"`);
      return c.json(show(c, session, Math.max(parts.clock(), session.state.context.updatedAt)), 200);
    })
    .post('/activity', guard(parts, { counts: false }), limitBody(), body(activity), async (c) => {
      const { claims } = c.get('who');
      const session = await command(parts, claims.sid, (state, at) => {
        const seen = seenAt(state.context, at, c.req.valid('json').ageMs);
        const good = isGood(state, claims.gen, at);
        return {
          events: good ? [{ type: 'activity.seen', at, seenAt: seen, generation: claims.gen }] : [],
          answer: good,
        };
      });
      if (!session) return problem(c, 'invalid_token');
      c.set('stored', session);
      if (!isLive(session.state.leaf)) return dead(c, session.state, session.at);
      return session.answer ? c.json(show(c, session, session.at), 200) : problem(c, 'token_superseded');
    });
