import { Hono } from 'hono';
import { z } from 'zod';
import { body, isText } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import type { SessionEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import { accountDeleted } from './accountDeleted.ts';
import type { Work } from './store/appStore.ts';

/** Room for the longest message in any writing, with its JSON around it. */
const longestAsJson = 4 * 1024 * 1024;

const titled = z.strictObject({ title: z.string().trim().min(1).max(200).refine(isText, 'must be Unicode') });
const written = z.strictObject({ body: z.string().min(1).max(1_000_000).refine(isText, 'must be Unicode') });

/** What conversations need besides of their store. */
export interface ConversationParts extends Pick<Dependencies, 'clock' | 'newId'> {
  /** In bytes of JSON. Default 4 MiB. */
  readonly largestMessage?: number;
}

/** Conversations with their messages: the work that people do in the reference application. */
export const conversationRoutes = (store: Work, { clock, newId, largestMessage = longestAsJson }: ConversationParts) =>
  new Hono<SessionEnv>()
    .get('/', async (c) => c.json({ conversations: await store.conversations(c.get('session').user) }, 200))
    .post('/', limitBody(), body(titled), async (c) => {
      const { title } = c.req.valid('json');
      const conversation = await store.create(c.get('session').user, { id: newId(), title }, clock());
      return conversation ? c.json({ conversation }, 201) : accountDeleted(c);
    })
    .get('/:id', async (c) => {
      const found = await store.conversation(c.get('session').user, c.req.param('id'));
      if (!found) return problem(c, 'not_found');
      const { messages, ...conversation } = found;
      return c.json({ conversation, messages }, 200);
    })
    .patch('/:id', limitBody(), body(titled), async (c) => {
      const { title } = c.req.valid('json');
      const conversation = await store.rename(c.get('session').user, c.req.param('id'), title, clock());
      return conversation ? c.json({ conversation }, 200) : problem(c, 'not_found');
    })
    .delete('/:id', async (c) => {
      const removed = await store.remove(c.get('session').user, c.req.param('id'));
      return removed ? c.body(null, 204) : problem(c, 'not_found');
    })
    .post('/:id/messages', limitBody(largestMessage), body(written), async (c) => {
      const message = { id: newId(), body: c.req.valid('json').body };
      const kept = await store.write(c.get('session').user, c.req.param('id'), message, clock());
      return kept ? c.json({ message: kept }, 201) : problem(c, 'not_found');
    });
