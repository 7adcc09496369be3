import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { nodeOn, type Node } from './nodes.ts';
import { Client, origin, type World } from './world.ts';

/** A server that is reached over connections of its own. */
export interface Sockets extends Node {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export const overSockets = ({ parts }: Pick<World, 'parts'>): Promise<Sockets> => behindSockets(nodeOn(parts));

/** The same server, listening. */
export async function behindSockets(node: Node): Promise<Sockets> {
  const server = createAdaptorServer({ fetch: node.app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reach = { request: (path: string, init: RequestInit) => fetch(path.replace(origin, url), init) };
  return {
    ...node,
    url,
    client: (transport = 'cookie') => new Client(reach as ConstructorParameters<typeof Client>[0], transport),
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}
