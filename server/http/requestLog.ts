import { createMiddleware } from 'hono/factory';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import type { SessionEnv } from './judge.ts';

const isProblem = (response: Response) => response.headers.get('Content-Type') === 'application/problem+json';

async function codeOf(response: Response): Promise<string | null> {
  if (!isProblem(response)) return null;
  const { code } = z.object({ code: z.string() }).parse(await response.clone().json());
  return code;
}

/** Writes one line per request: never a query, a header or a body, for those may hold secrets. @see ASVS 5.0 14.2.1 */
export const logRequests = ({ write, clock, newId }: Pick<Parts, 'write' | 'clock' | 'newId'>) =>
  createMiddleware<{ Variables: Partial<SessionEnv['Variables']> }>(async (c, next) => {
    const begun = clock();
    const request = newId();
    await next();
    const session = c.get('session');
    const code = await codeOf(c.res);
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
