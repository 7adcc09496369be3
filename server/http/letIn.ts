import type { Context } from 'hono';
import type { ActiveSession } from './activeSession.ts';
import { refuseOtherSite } from './crossSite.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { RequireOptions } from './judgement.ts';
import { judgeRequest, type RouteEnv } from './requireSession.ts';
import { statusOf } from './status.ts';

/**
 * Judges a request that is answered elsewhere: what it says of the person counts at once, for nobody tells how it was
 * answered.
 *
 * @returns the session, or the refusal to answer with.
 */
export async function letIn(
  parts: HttpDependencies,
  c: Context<RouteEnv>,
  options: RequireOptions,
): Promise<ActiveSession | Response> {
  const refused = await refuseOtherSite(parts, c);
  if (refused) return refused;
  const request = await judgeRequest(parts, c, options);
  if (request instanceof Response) return request;
  const { state } = (await request.use.record()) ?? c.get('stored');
  c.header('Session-Status', statusOf(state, Math.max(parts.clock(), state.context.updatedAt)));
  return c.get('session');
}
