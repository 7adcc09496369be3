import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { hours, minutes } from '../../../machines/index.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { createVerbs } from '../../../server/verbs/verbs.ts';
import { createWorld, lapse, origin, type Client, type WorldOptions } from '../../support/server/world.ts';

async function begin(options: WorldOptions = {}) {
  const world = await createWorld({ policy: { tokenLifetime: hours(6) }, ...options });
  const ada = world.client();
  await ada.register();
  const { authenticate, session } = createVerbs(world.parts);
  const request = (client: Client, method = 'GET', headers: Record<string, string> = {}) =>
    new Request(`${origin}/letters`, { method, headers: { ...client.headers, ...headers } });
  return { world, ada, authenticate, session, request };
}

describe.each(['sqlite', 'postgres', 'memory'] as const)('authenticate without Hono (%s)', (log) => {
  it('lets a live session through with its headers, and tells why not otherwise', async () => {
    const { world, ada, authenticate, request } = await begin({ log });
    const answer = await authenticate(request(ada));
    expect(answer).toMatchObject({ ok: true, session: { id: ada.id, name: 'ada', method: ['pwd'] } });
    expect(answer.headers.get('Session-Status')).toMatch(/^active/);

    expect(await authenticate(request(world.client()))).toMatchObject({
      ok: false,
      code: 'unauthenticated',
      status: 401,
    });
    world.pass(lapse);
    const lapsed = await authenticate(request(ada));
    expect(lapsed).toMatchObject({ ok: false, code: 'session_lapsed', status: 401 });
    if (lapsed.ok) throw new Error('it was let in');
    expect(await lapsed.response.json()).toMatchObject({ code: 'session_lapsed', reason: 'idle', restorable: true });
    expect(lapsed.headers.get('WWW-Authenticate')).toContain('session_lapsed');
  });

  it('keeps the session alive as protect does, and session() never', async () => {
    const { world, ada, authenticate, session, request } = await begin({ log });
    for (let n = 0; n < 2; n++) {
      world.pass(minutes(20));
      expect((await session(request(ada)))?.id).toBe(ada.id);
      expect((await authenticate(request(ada))).ok).toBe(true);
    }
    world.pass(minutes(20));
    expect((await session(request(ada)))?.id).toBe(ada.id);
    world.pass(minutes(10));
    expect(await session(request(ada))).toBeNull();
  });
});

describe('authenticate', () => {
  it('asks for a recent proof, or for none at all', async () => {
    const { world, ada, authenticate, request } = await begin();
    world.pass(minutes(11));
    expect(await authenticate(request(ada), { recent: minutes(10) })).toMatchObject({
      ok: false,
      code: 'reauthentication_required',
      status: 403,
    });
    expect(await authenticate(request(world.client()), { optional: true })).toMatchObject({ ok: true, session: null });
    expect(await authenticate(request(ada), { optional: true })).toMatchObject({ ok: true, session: { id: ada.id } });
  });

  it('ASVS 3.5.1 refuses an unsafe request of another site, optional or not, and writes it down once', async () => {
    const { world, ada, authenticate, session, request } = await begin();
    const stranger = () => request(ada, 'POST', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' });
    for (const options of [{}, { optional: true }] as const)
      expect(await authenticate(stranger(), options)).toMatchObject({ ok: false, code: 'cross_site', status: 403 });
    expect(await world.parts.securityLog.since(0, 10)).toHaveLength(2);
    expect(await session(stranger())).toBeNull();
  });

  it('has listed origins read its answers', async () => {
    const { world, authenticate, request } = await begin({ origins: ['https://front.example.com'] });
    const answer = await authenticate(request(world.client(), 'GET', { Origin: 'https://front.example.com' }));
    if (answer.ok) throw new Error('it was let in');
    for (const headers of [answer.headers, answer.response.headers])
      expect(headers.get('Access-Control-Allow-Origin')).toBe('https://front.example.com');
  });

  it('is unavailable when the store does not answer, and session() throws: nobody is taken for a stranger', async () => {
    const { world, ada, authenticate, session, request } = await begin({ sessionCache: false });
    world.parts.log.load = async () => {
      throw new StoreUnavailable('away');
    };
    expect(await authenticate(request(ada), { optional: true })).toMatchObject({ ok: false, code: 'unavailable' });
    await expect(session(request(ada))).rejects.toThrow(StoreUnavailable);
  });

  it('names the option that cannot be', async () => {
    const { ada, authenticate, request } = await begin();
    await expect(authenticate(request(ada), { recently: 1 } as object)).rejects.toThrow(
      new TypeError('authenticate: there is no option recently; there are optional, recent'),
    );
    await expect(authenticate({} as Request)).rejects.toThrow('authenticate: the first argument must be');
  });

  it('ASVS 4.4.2 judges a socket of plain ws before it is opened, and signal closes it', async () => {
    const { ada, authenticate } = await begin();
    const sockets = new WebSocketServer({ noServer: true });
    const server = createServer();
    server.on('upgrade', (incoming, stream, head) => {
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
      void authenticate(new Request(`http://${incoming.headers.host}${incoming.url}`, { headers })).then((answer) => {
        if (!answer.ok) return stream.end(`HTTP/1.1 ${answer.status} Refused\r\n\r\n`);
        const { signal } = answer.session;
        sockets.handleUpgrade(incoming, stream, head, (socket) => {
          signal.addEventListener('abort', () => socket.close(4401));
        });
        return undefined;
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const open = (Origin: string) =>
      new WebSocket(`ws://localhost:${port}/`, { headers: { Cookie: `__Host-curfew=${ada.token}`, Origin } });
    const foreign = open(`http://localhost:${port + 1}`);
    foreign.on('error', () => {});
    const [, response] = await once(foreign, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    const own = open(`http://localhost:${port}`);
    await once(own, 'open');
    const closed = once(own, 'close');
    await ada.post('/api/auth/logout');
    expect((await closed)[0]).toBe(4401);
  });
});
