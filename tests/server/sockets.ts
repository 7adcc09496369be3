import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createCurfew } from '../../server/index.ts';
import type { Node } from './nodes.ts';
import { Client, origin } from './world.ts';

/** A server that is reached over connections of its own. */
export interface Sockets extends Node {
  readonly close: () => Promise<void>;
}

export async function overSockets({ parts }: Pick<Node, 'parts'>): Promise<Sockets> {
  const app = new Hono().route('/', createCurfew(parts).routes);
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reach = { request: (path: string, init: RequestInit) => fetch(path.replace(origin, url), init) };
  return {
    parts,
    client: (transport = 'cookie') => new Client(reach as ConstructorParameters<typeof Client>[0], transport),
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}
