import type { MiddlewareHandler } from 'hono';
import { isFreshlyAuthenticated } from '../../machines/index.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { SessionEnv } from './requireSession.ts';
import { problem } from './problem.ts';

/**
 * Lets a request through only shortly after an authentication; refuses with `reauthentication_required`.
 *
 * @see ASVS 5.0 7.5.1, 7.5.2
 */
export const requireRecentAuthentication =
  (parts: Pick<HttpDependencies, 'clock'>): MiddlewareHandler<SessionEnv> =>
  async (c, next) => {
    const { context } = c.get('stored').state;
    return isFreshlyAuthenticated(context, parts.clock()) ? next() : problem(c, 'reauthentication_required');
  };
