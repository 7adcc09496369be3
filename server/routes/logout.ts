import { Hono } from 'hono';
import { z } from 'zod';
import { signOutOf } from '../session/signOut.ts';
import { clearCookie } from '../http/cookie.ts';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { statusOf } from '../http/status.ts';
import { authenticate } from '../http/authenticate.ts';
import type { Credential } from '../http/presented.ts';
import type { Dependencies } from './dependencies.ts';

const logout = z.strictObject({ forgetDevice: z.boolean().default(false) });

/**
 * Sign-out: always possible for a credential that we signed, whatever its generation and whatever the session's state.
 * `forgetDevice` erases the server's copies of preserved work too, but only for a live session: a passer-by at a
 * locked screen can remove nothing but what is on that device.
 *
 * @see ASVS 5.0 7.4.1
 */
export const logoutRoutes = (parts: Dependencies) =>
  new Hono<{ Variables: { who: Credential } }>().post(
    '/logout',
    async (c, next) => {
      const who = await authenticate(parts, c);
      if (who instanceof Response) return who;
      c.set('who', who);
      return next();
    },
    limitBody(),
    body(logout),
    async (c) => {
      const { claims, transport } = c.get('who');
      const session = await signOutOf(parts, claims, c.req.valid('json').forgetDevice);
      if (session) c.header('Session-Status', statusOf(session.state, session.at));
      if (transport === 'cookie') clearCookie(c, parts.sessionCookie);
      return c.body(null, 204);
    },
  );
