import type { Context } from 'hono';
import type { SessionEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';

/** Refuses a request whose user was deleted while it was handled: nothing was written. */
export const accountDeleted = async (c: Context<SessionEnv>): Promise<Response> =>
  (await c.get('session').check()) ?? problem(c, 'invalid_token');
