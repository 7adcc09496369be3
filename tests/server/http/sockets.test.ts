import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { seconds } from '../../../machines/index.ts';
import { ownApplication } from '../../support/server/ownApplication.ts';
import type { Client, WorldOptions } from '../../support/server/world.ts';

/** An application with a socket and a download of its own on a real port, both closed by `signal` as the recipes do. */
async function listening(options: WorldOptions = {}) {
  const own = await ownApplication((app, { protect, routes }) => {
    app.use('/api/*', protect()).route('/', routes);
    app.get(
      '/api/socket',
      upgradeWebSocket((c) => {
        const { signal, user } = c.get('session');
        return {
          onOpen(_, socket) {
            signal.addEventListener('abort', () => socket.close(4401, 'session ended'));
            socket.send(user);
          },
        };
      }),
    );
    app.get('/api/download', (c) => {
      const { signal } = c.var.session;
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('the first page'));
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      });
      return c.body(body);
    });
  }, options);
  const server = serve({
    fetch: own.app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    // The types of the two disagree on an option that may be left out.
    websocket: { server: new WebSocketServer({ noServer: true }) as WebSocketServerLike },
  });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const port = (server.address() as AddressInfo).port;
  const open = (headers: Record<string, string>, path = '/api/socket') =>
    new WebSocket(`ws://localhost:${port}${path}`, { headers });
  return { ...own, port, open };
}

const cookieOf = ({ token }: Client) => `__Host-curfew=${token}`;

/** What becomes of the opening of a socket: the first message, or the status of the refusal. */
const opened = (socket: WebSocket) =>
  new Promise<string | number>((resolve) => {
    socket.on('message', (data: Buffer) => resolve(data.toString()));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });

const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve));

describe.each(['sqlite', 'memory', 'postgres'] as const)('an own WebSocket and a streamed download (%s)', (log) => {
  it('ASVS 7.4.1 are closed by signal at a sign-out: they went on', async () => {
    const { signedIn, port, open } = await listening({ log });
    const ada = await signedIn();
    const socket = open({ Cookie: cookieOf(ada), Origin: `http://localhost:${port}` });
    expect(await opened(socket)).toBe(ada.user?.id);
    const download = await fetch(`http://localhost:${port}/api/download`, { headers: ada.headers });
    const reader = download.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('the first page');

    const isClosed = closed(socket);
    const isBrokenOff = reader?.read().then(
      () => false,
      () => true,
    );
    expect((await ada.twin().post('/api/auth/logout')).status).toBe(204);
    expect([await isClosed, await isBrokenOff]).toEqual([4401, true]);
  });
});

describe('a socket', () => {
  it('is closed when the session lapses', async () => {
    const { signedIn, port, open, world } = await listening({
      policy: { idleTimeout: seconds(60), warnBefore: seconds(20) },
    });
    const ada = await signedIn();
    const socket = open({ Cookie: cookieOf(ada), Origin: `http://localhost:${port}` });
    await opened(socket);
    const end = closed(socket);
    world.pass(seconds(61));
    expect(await end).toBe(4401);
  });

  it.each([
    ['a page of another port', (port: number) => ({ Origin: `http://localhost:${port + 1}` })],
    ['a page of another host', () => ({ Origin: 'https://evil.example' })],
    ['a page of no origin', () => ({ Origin: 'null' })],
    [
      'a page whose browser says that it is of another site',
      (port: number) => ({
        Origin: `http://localhost:${port}`,
        'Sec-Fetch-Site': 'cross-site',
      }),
    ],
    ['something that names no origin', () => ({})],
    ['something that names no origin and says that it is ours', () => ({ 'Sec-Fetch-Site': 'same-origin' })],
  ])('ASVS 4.4.2 with the cookie is opened to nobody else: %s', async (_, headersOf) => {
    const { signedIn, port, open, world } = await listening();
    const ada = await signedIn();
    expect(await opened(open({ Cookie: cookieOf(ada), ...headersOf(port) }))).toBe(403);
    expect(await world.parts.securityLog.since(0, 10)).toMatchObject([{ kind: 'cross_site_refused' }]);
  });

  it('needs no origin with a bearer token, and a live session in any case', async () => {
    const { signedIn, port, open } = await listening();
    const ada = await signedIn('bearer');
    expect(await opened(open({ Authorization: `Bearer ${ada.token}` }))).toBe(ada.user?.id);
    const Origin = `http://localhost:${port}`;
    expect(await opened(open({ Origin }))).toBe(401);
    await ada.post('/api/auth/logout');
    expect(await opened(open({ Authorization: `Bearer ${ada.token}` }))).toBe(401);
  });

  it('is opened to a page of a listed origin, with the cookie, and to the own origin only where it is listed', async () => {
    const { signedIn, port, open } = await listening({ origins: ['https://app.localhost'] });
    const ada = await signedIn();
    const Cookie = cookieOf(ada);
    expect(await opened(open({ Cookie, Origin: 'https://app.localhost', 'Sec-Fetch-Site': 'same-site' }))).toBe(
      ada.user?.id,
    );
    expect(await opened(open({ Cookie, Origin: `http://localhost:${port}` }))).toBe(403);
  });
});
