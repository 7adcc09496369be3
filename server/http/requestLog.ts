import { createMiddleware } from 'hono/factory';
import type { HttpDependencies } from './dependencies.ts';
import type { SessionEnv } from './requireSession.ts';
import type { RefusalEnv } from './recordRefusals.ts';

/** Writes one line per request: never a query, a header or a body, for those may hold secrets. @see ASVS 5.0 14.2.1 */
export const logRequests = ({ write, clock, newId }: Pick<HttpDependencies, 'write' | 'clock' | 'newId'>) =>
  createMiddleware<{ Variables: Partial<SessionEnv['Variables']> & RefusalEnv['Variables'] }>(async (c, next) => {
    const begun = clock();
    const request = newId();
    await next();
    const session = c.get('session');
    const code = c.get('problem');
    write({
      msg: 'request',
      request,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ...(code && { code }),
      ms: clock() - begun,
      ...(session && { session: session.id, user: session.user }),
    });
  });
