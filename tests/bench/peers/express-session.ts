import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session, { MemoryStore } from 'express-session';
import { createClient } from 'redis';
import type { Served, StartOptions } from '../peer.ts';
import { signInAt } from '../serving.ts';
import { idle, secret } from '../secret.ts';

declare module 'express-session' {
  interface SessionData {
    user: string;
  }
}

/** A Redis of its own, on a socket in the folder, that keeps nothing on disk and ends with this process. */
async function redisIn(folder: string) {
  const path = join(folder, 'redis.sock');
  const server = spawn('redis-server', ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  process.on('exit', () => server.kill());
  const client = createClient({ socket: { path, tls: false } });
  // It is not there yet: the client tries again by itself.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** @see https://github.com/expressjs/session#readme and https://github.com/tj/connect-redis#readme */
export async function start({ variant, folder }: StartOptions): Promise<Served> {
  const store = variant === 'redis' ? new RedisStore({ client: await redisIn(folder) }) : new MemoryStore();
  let writes = 0;
  const counted =
    (write: (...given: any[]) => unknown) =>
    (...given: unknown[]) => {
      writes += 1;
      return write.apply(store, given);
    };
  store.set = counted(store.set);
  store.touch = counted(store.touch);
  const app = express();
  app.use(
    session({
      store,
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: idle * 1000, sameSite: 'lax' },
    }),
  );
  app.post('/sign-in', (request, answer) => {
    request.session.user = new URL(request.url, 'http://localhost').searchParams.get('user') ?? '';
    answer.send('');
  });
  app.get('/api/json', (request, answer) => {
    answer.json({ hello: request.session.user });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, signIn: signInAt(port), writes: () => writes };
}
