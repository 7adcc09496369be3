import { Hono, type MiddlewareHandler } from 'hono';
import type { Curfew } from '../curfew.ts';
import type { SessionEnv } from '../http/requireSession.ts';

/** What the end of an account needs. */
export interface AccountParts {
  readonly curfew: Pick<Curfew, 'erase' | 'signOut'>;
  /** Lets through only shortly after a proof of who the user is. */
  readonly recent: MiddlewareHandler;
}

/**
 * The end of an account by a recent proof, whatever it was: for users who have no password.
 *
 * @see ASVS 5.0 7.5.1
 */
export const accountRoutes = ({ curfew, recent }: AccountParts) =>
  new Hono<SessionEnv>().delete('/', recent, async (c) => {
    await curfew.erase({ user: c.get('session').user });
    // The session has ended already; what is left is its cookie.
    await curfew.signOut(c);
    return c.body(null, 204);
  });
