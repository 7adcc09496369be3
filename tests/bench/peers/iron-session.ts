import { createMiddleware } from 'hono/factory';
import { getIronSession, webCookies } from 'iron-session';
import type { Served } from '../peer.ts';
import { serveHono, type UserEnv } from '../serving.ts';
import { absolute, secret } from '../secret.ts';

interface Data {
  user?: string;
}

/** @see https://github.com/vvo/iron-session#usage */
export async function start(): Promise<Served> {
  const options = { password: secret, cookieName: 'session', ttl: absolute };
  const session = createMiddleware<UserEnv>(async (c, next) => {
    const { user } = await getIronSession<Data>(webCookies(c.req.raw, new Headers()), options);
    c.set('user', user ?? '');
    await next();
  });
  return serveHono(session, async (user) => {
    const headers = new Headers();
    const made = await getIronSession<Data>(webCookies(new Request('http://localhost/'), headers), options);
    made.user = user;
    await made.save();
    return new Response('', { headers });
  });
}
