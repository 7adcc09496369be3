import { serve, type ServerType } from '@hono/node-server';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWorld, type World } from '../server/world.ts';
import { selfSigned } from './certificate.ts';

/** The application over HTTPS, without which WebKit keeps no secure cookie, on a server whose clock only the test moves. */
export interface SecureSite {
  readonly url: string;
  readonly world: World;
  readonly stop: () => Promise<void>;
}

/** @param pages what is served in place of the application's own pages */
export async function openSecureSite(pages?: (path: string) => Response | Promise<Response>): Promise<SecureSite> {
  let fetch: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server: ServerType = await new Promise((resolve) => {
    const started: ServerType = serve(
      {
        fetch: (request) => fetch(request),
        createServer,
        serverOptions: selfSigned(),
        hostname: 'localhost',
        port: 0,
      },
      () => resolve(started),
    );
  });
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const root = realpathSync(join(import.meta.dirname, '..', '..', '..', 'dist', 'app'));
  const world = await createWorld({ root, origin: url });
  fetch = (request) => {
    const { pathname } = new URL(request.url);
    return pages && !pathname.startsWith('/api/') ? pages(pathname) : world.app.fetch(request);
  };
  return {
    url,
    world,
    stop() {
      return new Promise((resolve) => {
        // A connection that is just being made is not among them yet, and a stream on it would stay open for ever.
        const closing = setInterval(() => 'closeAllConnections' in server && server.closeAllConnections(), 50);
        server.close(() => {
          clearInterval(closing);
          resolve();
        });
      });
    },
  };
}
