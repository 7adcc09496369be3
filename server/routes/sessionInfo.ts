import { Hono } from 'hono';
import { z } from 'zod';
import { seenAt } from '../../machines/index.ts';
import type { Person } from '../accounts/accounts.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { isKnown } from '../http/precondition.ts';
import type { Dependencies } from './dependencies.ts';
import { personShown, answerSession } from './answer.ts';
import { declareEvent } from './declareEvent.ts';

const activity = z.strictObject({ ageMs: z.number().min(0) });

/** A user of the accounts, or else what their sign-in told of them; by their id where it told no name. */
async function shownTo({ accounts, personOf }: Dependencies, id: string): Promise<Person> {
  const account = await accounts.byId(id);
  if (account) return personShown(account);
  const { name, role } = await personOf(id);
  return { id, username: name ?? id, ...(role === 'administrator' && { role }) };
}

/** What a browser asks of its own session. Nothing here but `activity` ever keeps it alive. */
export const infoRoutes = (parts: Dependencies) =>
  new Hono<RouteEnv>()
    .get('/me', requireSession(parts, { counts: false, alarmed: true, copies: true }), async (c) => {
      const { user } = c.get('session');
      return c.json({ user: await shownTo(parts, user) }, 200);
    })
    .get('/vault-key', requireSession(parts, { counts: false, alarmed: true }), async (c) =>
      c.json(await parts.vault.keysOf(c.get('session').user), 200),
    )
    .get('/session-info', requireSession(parts, { counts: false, dead: true, expired: true }), async (c) => {
      const session = c.get('stored');
      const { version, updatedAt } = session.state.context;
      c.header('ETag', `W/"${version}"`);
      const shown = answerSession(c, session, Math.max(parts.clock(), updatedAt));
      return isKnown(c, String(version)) ? c.body(null, 304) : c.json(shown, 200);
    })
    .post('/activity', requireSession(parts, { counts: false }), limitBody(), body(activity), async (c) => {
      const session = await declareEvent(parts, c, ({ context }, at, generation) => {
        const seen = seenAt(context, at, c.req.valid('json').ageMs);
        return { type: 'activity.seen', at, seenAt: seen, generation };
      });
      return session instanceof Response ? session : c.json(answerSession(c, session, session.at), 200);
    });
