import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Curfew } from '../curfew.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { rememberConnection } from '../http/connection.ts';
import { checkProtectOptions, type ProtectOptions } from '../http/protectOptions.ts';
import type { Refused } from '../verbs/carrier.ts';

/** Goes on to the next handler, as in Express; with an error, to the one that answers for errors. */
type Next = (error?: unknown) => void;

/** A handler of `node:http`, and of Express where there is a next one. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: Next) => Promise<void>;

/** Curfew for servers of `node:http`, Express and whatever else hands on `(request, response)`. */
export interface NodeBridge {
  /**
   * Answers what is Curfew's by method and path, and hands on the rest, or answers 404 where there is no next handler.
   * With Express: `app.use(bridge.routes)`, without a path and before `express.json()`.
   */
  readonly routes: NodeHandler;
  /**
   * Makes a handler that lets only live sessions through to the next one, as `curfew.protect` does.
   *
   * @throws TypeError with one line that names the option that cannot be
   */
  readonly protect: (options?: ProtectOptions) => NodeHandler;
  /** @returns the session of a request that `protect` has let through, or `null`. */
  readonly sessionOf: (request: IncomingMessage) => ActiveSession | null;
  /**
   * The request as the verbs of `curfew` take it, without its body, which stays where it is:
   * `await curfew.signIn(bridge.requestOf(request), …)`, and `curfew.authenticate` before a socket is opened.
   */
  readonly requestOf: (request: IncomingMessage) => Request;
  /** Sets the headers that a verb returns, cookies among them, on an answer that has not begun. */
  readonly setHeaders: (response: ServerResponse, headers: Headers) => void;
  /** Answers with what a verb has refused with, or with what `session.check()` returns. */
  readonly send: (response: ServerResponse, refused: Refused | Response) => Promise<void>;
}

const isTls = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket && socket.encrypted === true;

/** The path and query as the client has sent them: Express takes away what a handler is mounted at. */
const targetOf = (request: IncomingMessage): string =>
  'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '/');

/** No host, for requests that name none that could be: nothing is of this origin. */
const nowhere = 'http://curfew.invalid';

/**
 * The address of a request, whatever was sent: nobody is to be able to have this throw. A target that begins with two
 * slashes is a path, too: what follows them is no host.
 */
function urlOf(incoming: IncomingMessage): URL {
  const said = `${isTls(incoming) ? 'https' : 'http'}://${incoming.headers.host ?? 'localhost'}`;
  const origin = URL.canParse(said) ? new URL(said).origin : nowhere;
  const target = targetOf(incoming);
  if (target.startsWith('/')) return new URL(origin + target);
  return URL.canParse(target, origin) ? new URL(target, origin) : new URL(nowhere);
}

/** Methods that no `Request` may have: judged as one that writes. */
const unspeakable: ReadonlySet<string | undefined> = new Set(['CONNECT', 'TRACE', 'TRACK']);

function requestOf(incoming: IncomingMessage): Request {
  if (!('headersDistinct' in incoming))
    throw new TypeError('requestOf: the argument must be the request of node:http or Express');
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  const method = unspeakable.has(incoming.method) ? 'POST' : (incoming.method ?? 'GET');
  const request = new Request(urlOf(incoming), { method, headers });
  rememberConnection(request, { incoming });
  return request;
}

function setHeaders(response: ServerResponse, headers: Headers): void {
  for (const [name, value] of headers) if (name !== 'set-cookie') response.setHeader(name, value);
  for (const cookie of headers.getSetCookie()) response.appendHeader('Set-Cookie', cookie);
}

async function send(response: ServerResponse, refused: Refused | Response): Promise<void> {
  const answer = 'response' in refused ? refused.response : refused;
  response.statusCode = answer.status;
  setHeaders(response, answer.headers);
  response.end(await answer.text());
}

/** Why the routes cannot answer a request here, in one line, or `null`. */
function whyNotHere(request: IncomingMessage): string | null {
  if (targetOf(request) !== (request.url ?? '/'))
    return 'curfew: bridge.routes goes by the whole path: app.use(bridge.routes), without a path';
  if (request.readableEnded && Number(request.headers['content-length'] ?? 0) > 0)
    return 'curfew: the body has been read already: app.use(bridge.routes) goes before express.json()';
  return null;
}

/** What of Curfew a bridge needs. */
type Bridged = Pick<Curfew, 'fetch' | 'owns' | 'authenticate'>;

const isCurfew = (given: Partial<Bridged> | null | undefined): boolean =>
  [given?.fetch, given?.owns, given?.authenticate].every((each) => typeof each === 'function');

/**
 * @returns what a server without Hono needs of Curfew.
 * @throws TypeError with one line when it was not given what `createCurfew` resolves with
 */
export function nodeBridge(curfew: Bridged): NodeBridge {
  if (!isCurfew(curfew))
    throw new TypeError(
      'nodeBridge: the argument must be what createCurfew resolves with: nodeBridge(await createCurfew(…))',
    );
  const sessions = new WeakMap<IncomingMessage, ActiveSession>();
  const listener = getRequestListener((request, env) => curfew.fetch(request, env), { overrideGlobalObjects: false });

  async function routes(request: IncomingMessage, response: ServerResponse, next?: Next): Promise<void> {
    if (next && !curfew.owns(requestOf(request))) return next();
    const why = whyNotHere(request);
    if (why === null) return listener(request, response);
    const error = new Error(why);
    if (!next) throw error;
    return next(error);
  }

  const protect = (options: ProtectOptions = {}): NodeHandler => {
    checkProtectOptions('protect', options, 'bridge.protect');
    return async (request, response, next) => {
      try {
        const judged = await curfew.authenticate(requestOf(request), options);
        if (!judged.ok) return await send(response, judged);
        setHeaders(response, judged.headers);
        response.setHeader('Cache-Control', 'no-store');
        const session: ActiveSession | null = judged.session;
        if (session) sessions.set(request, session);
        return next?.();
      } catch (error) {
        if (!next) throw error;
        return next(error);
      }
    };
  };

  return {
    routes,
    protect,
    sessionOf: (request) => sessions.get(request) ?? null,
    requestOf,
    setHeaders,
    send,
  };
}
