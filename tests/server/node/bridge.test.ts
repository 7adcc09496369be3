import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCurfew, passwords, type CurfewOptions, type LogLine } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { nodeBridge, type NodeHandler } from '../../../server/node/index.ts';
import { Listener } from '../../support/server/listener.ts';
import { Client, cost, origin, secret } from '../../support/server/world.ts';

const front = 'https://front.example.com';

/** Handlers one after another, as Express calls them. */
const chain =
  (...handlers: readonly NodeHandler[]) =>
  (request: IncomingMessage, response: ServerResponse) => {
    const run = (index: number, error?: unknown): void => {
      if (error !== undefined) response.writeHead(500).end(error instanceof Error ? error.message : '');
      else void handlers[index]?.(request, response, (wrong) => run(index + 1, wrong));
    };
    run(0);
  };

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** A server without Hono: Curfew's routes, then one route behind `protect`. */
async function listening(options: Partial<CurfewOptions> = {}, ...before: readonly NodeHandler[]) {
  const lines: LogLine[] = [];
  const curfew = await createCurfew({
    store: memory(),
    secret,
    accounts: passwords({ cost, register: true }),
    write: (line) => lines.push(line),
    ...options,
  });
  onTestFinished(() => curfew.close());
  const bridge = nodeBridge(curfew);
  const letters: NodeHandler = async (request, response) => {
    const session = bridge.sessionOf(request);
    const body = await bodyOf(request);
    const refused = await session?.check();
    if (refused) return bridge.send(response, refused);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ of: session?.user ?? null, body }));
    return undefined;
  };
  const ticket: NodeHandler = async (request, response, next) => {
    if (request.url !== '/ticket') return next?.();
    const signedIn = await curfew.signIn(bridge.requestOf(request), {
      user: 'u1',
      method: ['hwk'],
      authenticatedAt: Date.now(),
    });
    if (!signedIn.ok) return bridge.send(response, signedIn);
    bridge.setHeaders(response, signedIn.headers);
    response.end('welcome');
    return undefined;
  };
  const server = createServer(chain(...before, bridge.routes, ticket, bridge.protect(), letters));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reach = { request: (path: string, init?: RequestInit) => fetch(path.replace(origin, url), init) };
  const client = (transport: 'cookie' | 'bearer' = 'cookie') =>
    new Client(reach as ConstructorParameters<typeof Client>[0], transport);
  return { url, curfew, bridge, client, lines };
}

/** Asks with a target and headers as they are written, which `fetch` would mend. @returns the status */
const statusOf = (url: string, method: string, path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = ask({ hostname, port, method, path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject).end();
  });

describe('a server without Hono', () => {
  it('ASVS 3.5.1 takes no host of a path for its own origin: what begins with two slashes is a path, too', async () => {
    const { client, url } = await listening();
    const ada = client();
    await ada.register();
    const Cookie = `__Host-curfew=${ada.token}`;
    const strange = { Cookie, Origin: 'http://evil.example' };
    expect(await statusOf(url, 'POST', '//evil.example/letters', strange)).toBe(403);
    expect(await statusOf(url, 'POST', '/\\evil.example/letters', strange)).toBe(403);
    expect(await statusOf(url, 'POST', '//evil.example/letters', { Cookie, Origin: url })).toBe(200);
  });

  it.each<[string, string, string, Record<string, string>]>([
    ['a target of slashes alone', 'GET', '//', {}],
    ['a target with a port that is none', 'GET', '//a:b/letters', {}],
    ['a host that is none', 'GET', '/letters', { Host: 'a b' }],
    ['a host that is none, at a route of Curfew', 'GET', '/api/auth/me', { Host: '[' }],
    ['a target in full that is none', 'GET', 'http://a:b/letters', {}],
    ['a target that is none', 'OPTIONS', '*', {}],
    ['a method that no Request may have', 'TRACE', '/letters', {}],
    ['such a method at a route of Curfew', 'TRACE', '/api/auth/logout', {}],
    ['a header of any bytes', 'GET', '/letters', { 'Session-Id': '\u00ff\u0080' }],
  ])('answers %s, and goes on', async (_, method, path, headers) => {
    const { url } = await listening();
    expect(await statusOf(url, method, path, headers)).toBeGreaterThanOrEqual(400);
    expect(await statusOf(url, 'GET', '/letters', {})).toBe(401);
  });

  it('has Curfew’s routes, protected routes of its own, and the session in them', async () => {
    const { client, lines } = await listening();
    const ada = client();
    expect((await ada.get('/letters')).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await ada.register()).status).toBe(201);
    const { user } = ada;
    const answer = await ada.post('/letters', { to: 'Bob' });
    expect(answer.body).toEqual({ of: user?.id, body: '{"to":"Bob"}' });
    expect(answer.headers.get('Session-Status')).toMatch(/^active/);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect((await ada.get('/api/auth/nowhere')).body).toEqual({ of: user?.id, body: '' });
    expect((await ada.post('/api/auth/logout')).headers.get('Set-Cookie')).toMatch(/^__Host-curfew=; Max-Age=0/);
    expect((await ada.get('/letters')).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    // The address of the client is that of its socket.
    expect(lines.filter(({ msg }) => msg === 'warning')).toEqual([]);
  });

  it('streams, and a stream is over when the session is', async () => {
    const { client, url } = await listening();
    const ada = client();
    await ada.register();
    const stream = new Listener(await fetch(`${url}/api/auth/stream`, { headers: ada.headers }));
    expect((await stream.view())?.state).toBe('active');
    await ada.twin().post('/api/auth/logout');
    expect((await stream.view())?.reason).toBe('signed_out');
    expect(await stream.next()).toBeNull();
  });

  it('signs people in by the verbs, whose cookies go to the answer', async () => {
    const { client } = await listening({ accounts: false });
    const ada = client();
    const answer = await ada.post('/ticket');
    expect(answer.text).toBe('welcome');
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-curfew=.+; Path=\/; HttpOnly/)]);
    expect((await ada.get('/letters')).body).toEqual({ of: 'u1', body: '' });
    const stranger = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect((await ada.post('/ticket', {}, stranger)).body).toMatchObject({ status: 403, code: 'cross_site' });
  });

  it('answers the preflights of listed origins before its own routes, too', async () => {
    const { client } = await listening({ origins: [front] });
    const headers = { Origin: front, 'Access-Control-Request-Method': 'PUT' };
    for (const path of ['/letters', '/api/auth/login', '/api/drafts/letter']) {
      const preflight = await client().raw('OPTIONS', path, { headers });
      expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')], path).toEqual([204, front]);
    }
    const refused = await client().get('/letters', { Origin: front });
    expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([401, front]);
  });

  it('says in one line what is wrong with how it is mounted', async () => {
    const reads: NodeHandler = async (request, _, next) => {
      await bodyOf(request);
      next?.();
    };
    const late = await listening({}, reads);
    expect((await late.client().register()).text).toContain('app.use(bridge.routes) goes before express.json()');
    const strips: NodeHandler = async (request, _, next) => {
      Object.assign(request, { originalUrl: request.url, url: request.url?.replace('/api', '') });
      next?.();
    };
    const beneath = await listening({}, strips);
    expect((await beneath.client().register()).text).toContain('goes by the whole path');
    expect(() => late.bridge.protect({ recently: 1 } as object)).toThrow('protect: there is no option recently');
  });

  it('is told in one line that it gave what is of Node or Express where Hono’s or the web’s was wanted', async () => {
    const { bridge, curfew } = await listening({ accounts: false });
    const request = { method: 'GET', url: '/', headers: {}, rawHeaders: [], socket: {} };
    const response = { req: request, setHeader() {} };
    const proof = { user: 'u1', method: ['hwk'], authenticatedAt: Date.now() };
    const verbs: [string, (given: never) => Promise<unknown>][] = [
      ['signIn', (given) => curfew.signIn(given, proof)],
      ['signOut', (given) => curfew.signOut(given)],
      ['authenticate', (given) => curfew.authenticate(given)],
      ['session', (given) => curfew.session(given)],
      ['backChannelLogout', (given) => curfew.backChannelLogout(given, { verify: async () => ({}) as never })],
    ];
    for (const [verb, call] of verbs)
      for (const given of [request, response])
        await expect(call(given as never)).rejects.toThrow(
          new TypeError(
            `${verb}: the first argument must be Hono's context or a web Request; with Express give bridge.requestOf(req)`,
          ),
        );
    const next = async () => {};
    await expect(curfew.protect()(request as never, next)).rejects.toThrow(
      new TypeError('protect: this is a middleware of Hono; with Express use nodeBridge(curfew).protect()'),
    );
    expect(() => curfew.protect({ req: {}, res: {} } as never)).toThrow(
      new TypeError('protect: the options are a request: did you mean curfew.protect()?'),
    );
    expect(() => bridge.protect(request as never)).toThrow(
      new TypeError('protect: the options are a request: did you mean bridge.protect()?'),
    );
    for (const given of [undefined, {}, createCurfew, Promise.resolve(curfew)])
      expect(() => nodeBridge(given as never)).toThrow(
        new TypeError(
          'nodeBridge: the argument must be what createCurfew resolves with: nodeBridge(await createCurfew(…))',
        ),
      );
    expect(() => bridge.requestOf(new Request(origin) as never)).toThrow(
      new TypeError('requestOf: the argument must be the request of node:http or Express'),
    );
  });

  it('alone answers 404 for what is none of Curfew’s', async () => {
    const { bridge } = await listening();
    const server = createServer((request, response) => void bridge.routes(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/nowhere`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
  });
});
