import { useSession as session, type Session } from '@hono/session';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Served } from '../peer.ts';
import { listen, measuredRoutes, signInAt, type UserEnv } from '../serving.ts';
import { absolute, idle, secret } from '../secret.ts';

interface Env {
  Variables: UserEnv['Variables'] & { session: Session<{ user: string }> };
}

/** As in its first example, an encrypted cookie. @see https://github.com/honojs/middleware/tree/main/packages/session */
export async function start(): Promise<Served> {
  const app = new Hono<Env>();
  app.use('*', session({ secret, duration: { absolute, inactivity: idle } }));
  app.post('/sign-in', async (c) => {
    await c.var.session.update({ user: c.req.query('user') ?? '' });
    return c.text('');
  });
  const setUser = createMiddleware<Env>(async (c, next) => {
    c.set('user', (await c.var.session.get())?.user ?? '');
    await next();
  });
  app.route('/', measuredRoutes(setUser));
  const port = await listen(app);
  return { port, signIn: signInAt(port) };
}
