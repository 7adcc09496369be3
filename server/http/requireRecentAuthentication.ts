import type { MiddlewareHandler } from 'hono';
import { isFreshlyAuthenticated, type Duration } from '../../machines/index.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { RouteEnv } from './requireSession.ts';
import { problem } from './problem.ts';

/**
 * Lets a request through only shortly after the user proved who they are; refuses with `reauthentication_required`. It
 * counts from the proof, which can be older than the sign-in that rests on it.
 *
 * @param within how young the proof has to be, in ms; default `freshAuth` of the session's policy
 * @see ASVS 5.0 7.5.1, 7.5.2
 */
export const requireRecentAuthentication =
  (parts: Pick<HttpDependencies, 'clock'>, within?: Duration): MiddlewareHandler<RouteEnv> =>
  async (c, next) => {
    const { context } = c.get('stored').state;
    return isFreshlyAuthenticated(context, parts.clock(), within) ? next() : problem(c, 'reauthentication_required');
  };
