import jwt from 'jsonwebtoken';
import type { Served } from '../peer.ts';
import { serveHono } from '../serving.ts';
import { bearer } from './bearer.ts';
import { absolute, secret } from '../secret.ts';

/** @see https://github.com/auth0/node-jsonwebtoken#readme */
export async function start(): Promise<Served> {
  return serveHono(
    bearer((token) => String(jwt.verify(token, secret, { algorithms: ['HS256'] }).sub)),
    (user) => new Response(jwt.sign({}, secret, { subject: user, expiresIn: absolute })),
  );
}
