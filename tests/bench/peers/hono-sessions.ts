import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { MemoryStore, sessionMiddleware, type Session } from 'hono-sessions';
import type { Served } from '../peer.ts';
import { listen, measuredRoutes, signInAt, type UserEnv } from '../serving.ts';
import { idle } from '../secret.ts';

type Env = UserEnv & { Variables: { session: Session<{ user: string }> } };

/** Without `encryptionKey`, which a store does not require, and which costs most. @see https://github.com/jcs224/hono_sessions */
export async function start(): Promise<Served> {
  let writes = 0;
  class CountedStore extends MemoryStore {
    override persistSessionData(...given: Parameters<MemoryStore['persistSessionData']>) {
      writes += 1;
      return super.persistSessionData(...given);
    }
  }
  const app = new Hono<Env>();
  app.use(
    '*',
    sessionMiddleware({
      store: new CountedStore(),
      expireAfterSeconds: idle,
      cookieOptions: { sameSite: 'Lax', path: '/', httpOnly: true },
    }) as never,
  );
  app.post('/sign-in', (c) => {
    c.var.session.set('user', c.req.query('user') ?? '');
    return c.text('');
  });
  const setUser = createMiddleware<Env>(async (c, next) => {
    c.set('user', c.var.session.get('user') ?? '');
    await next();
  });
  app.route('/', measuredRoutes(setUser));
  const port = await listen(app);
  return { port, signIn: signInAt(port), writes: () => writes };
}
