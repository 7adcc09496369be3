import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { stream } from 'hono/streaming';
import type { Carrier } from './peer.ts';

/** What the sessions of the peers set for the routes: whose they are. */
export interface UserEnv {
  Variables: { user: string };
}

/** How a user is signed in: answers with a cookie, or with a token. */
type SignInRoute = (user: string, carrier: Carrier) => Response | Promise<Response>;

/**
 * The routes that are measured, the same behind every way to have a session.
 *
 * @param session `null` for none, and nothing in its place.
 * @param userOf whose session it is, as a route asks for it; default the `user` that a middleware has set.
 */
export function measuredRoutes(session: MiddlewareHandler | null, userOf = (c: Context): string => c.var.user) {
  const app = new Hono();
  if (session) app.use('/api/*', session);
  const greeting = session ? (c: Context) => ({ hello: userOf(c) }) : () => ({ hello: 'somebody' });
  const streamed = (c: Context) => {
    c.header('Content-Type', 'application/json');
    return stream(c, async (to) => void (await to.write(JSON.stringify(greeting(c)))));
  };
  const response = (c: Context) =>
    new Response(JSON.stringify(greeting(c)), { headers: { 'Content-Type': 'application/json' } });
  app.get('/api/json', (c) => c.json(greeting(c)));
  app.get('/api/response', response);
  app.get('/api/stream', streamed);
  app.post('/api/json', async (c) => {
    await c.req.json();
    return c.json(greeting(c));
  });
  app.post('/api/response', async (c) => {
    await c.req.json();
    return response(c);
  });
  app.post('/api/stream', async (c) => {
    await c.req.json();
    return streamed(c);
  });
  return app;
}

/** What is set by an answer, as `Cookie` says it. */
export const cookiesOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');

/** Listens on this machine alone. @returns the port. */
export async function listen(app: Pick<Hono<any>, 'fetch'>): Promise<number> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Signs in by asking a route of the server for it, which sets a cookie or answers with the token. */
export const signInAt =
  (port: number, path = '/sign-in') =>
  async (user: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}?user=${user}`, { method: 'POST' });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return cookiesOf(answer) || text;
  };

/** Serves the measured routes, and a route that signs a user in. */
export async function serveHono(session: MiddlewareHandler, signIn: SignInRoute) {
  const app = new Hono();
  app.post('/sign-in', async (c) => signIn(c.req.query('user') ?? '', 'cookie'));
  app.route('/', measuredRoutes(session));
  const port = await listen(app);
  return { port, signIn: signInAt(port) };
}
