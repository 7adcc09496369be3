import { every } from 'hono/combine';
import { createMiddleware } from 'hono/factory';
import { jwt, sign, type JwtVariables } from 'hono/jwt';
import type { Served } from '../peer.ts';
import { serveHono, type UserEnv } from '../serving.ts';
import { absolute, secret } from '../secret.ts';

/** @see https://hono.dev/docs/middleware/builtin/jwt */
export async function start(): Promise<Served> {
  const setUser = createMiddleware<UserEnv & { Variables: JwtVariables<{ sub: string }> }>(async (c, next) => {
    c.set('user', c.get('jwtPayload').sub);
    await next();
  });
  return serveHono(every(jwt({ secret, alg: 'HS256' }), setUser), async (user) => {
    const exp = Math.floor(Date.now() / 1000) + absolute;
    return new Response(await sign({ sub: user, exp }, secret, 'HS256'));
  });
}
