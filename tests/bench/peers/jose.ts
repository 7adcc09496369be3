import { jwtVerify, SignJWT } from 'jose';
import type { Served } from '../peer.ts';
import { serveHono } from '../serving.ts';
import { bearer } from './bearer.ts';
import { secret } from '../secret.ts';

/** @see https://github.com/panva/jose/blob/main/docs/jwt/verify/functions/jwtVerify.md */
export async function start(): Promise<Served> {
  const key = new TextEncoder().encode(secret);
  const session = bearer(async (token) => {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] });
    return payload.sub ?? '';
  });
  return serveHono(session, async (user) => {
    const token = new SignJWT().setSubject(user).setProtectedHeader({ alg: 'HS256' });
    return new Response(await token.setIssuedAt().setExpirationTime('12h').sign(key));
  });
}
