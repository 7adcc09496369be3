import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { onTestFinished } from 'vitest';
import { send, type Reply } from './child.ts';
import { createWorld, type WorldOptions } from './world.ts';

/** A server on a real socket behind a proxy on this machine, on the test's own clock, where `ada` has an account. */
export async function behindProxy(options: WorldOptions = { trustedProxies: ['127.0.0.1'] }) {
  const world = await createWorld(options);
  const ada = world.client('bearer');
  await ada.register();
  const server = serve({ fetch: world.app.fetch, port: 0, hostname: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (method: string, path: string, headers: Record<string, string>, json?: object): Promise<Reply> => {
    const body = json && JSON.stringify(json);
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    return send(url, { method, path, headers: { ...length, ...headers }, body });
  };
  const post = (path: string, json: object, headers: Record<string, string>) => ask('POST', path, headers, json);
  const login = (forwarded: string, password: string, username = 'ada') =>
    post('/api/auth/login', { username, password, transport: 'bearer' }, { 'X-Forwarded-For': forwarded });
  return { ...world, ada, ask, post, login };
}
