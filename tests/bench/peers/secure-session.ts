import type { AddressInfo } from 'node:net';
import secureSession from '@fastify/secure-session';
import fastify from 'fastify';
import type { Served } from '../peer.ts';
import { signInAt } from '../serving.ts';
import { absolute, secret } from '../secret.ts';

declare module '@fastify/secure-session' {
  interface SessionData {
    user: string;
  }
}

/** @see https://github.com/fastify/fastify-secure-session#readme */
export async function start(): Promise<Served> {
  const app = fastify();
  await app.register(secureSession, {
    key: Buffer.from(secret),
    expiry: absolute,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax' },
  });
  app.post<{ Querystring: { user: string } }>('/sign-in', async (request) => {
    request.session.set('user', request.query.user);
    return '';
  });
  app.get('/api/json', async (request) => ({ hello: request.session.get('user') }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { port, signIn: signInAt(port) };
}
