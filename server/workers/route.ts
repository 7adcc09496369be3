import { createHash } from 'node:crypto';
import { getPath } from 'hono/utils/url';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { defaultCookieName, sessionCookie } from '../http/cookie.ts';
import { answerStream } from './eventStream.ts';
import { bindingsOf, objectOfName, objectOfNobody, objectOfSession, type CurfewEnv } from './env.ts';
import { objectAt, placeOfUser } from './place.ts';
import { listenerHeader } from './streamMessages.ts';
import { unavailable } from './unavailable.ts';

/** Where the routes are, when that was chosen. */
export interface RouteOptions {
  /** As in the options of the objects. Default `/api`. */
  readonly basePath?: string;
  /** As in the options of the objects. Default `curfew`. */
  readonly cookieName?: string;
}

/** No sign-in is longer, in bytes; what is longer is refused wherever it comes to. */
const longestSignIn = 64 * 1024;

const signIn = z.object({ username: z.string() });

const namesSession = z.object({ sid: z.string(), sub: z.string() });

/** The object of whom a token says that it is; the object itself verifies the signature. */
function objectIn(env: CurfewEnv, token: string | undefined) {
  try {
    const { sid, sub } = namesSession.parse(token === undefined ? null : decodeJwt(token));
    return objectOfSession(env, sid) ?? objectAt(bindingsOf(env).CURFEW_USERS, placeOfUser(sub));
  } catch {
    return null;
  }
}

function tokensOf({ headers }: Request, cookieName: string): readonly (string | undefined)[] {
  const name = `${sessionCookie(cookieName, false)}=`;
  const cookies = (headers.get('Cookie') ?? '').split(';').map((each) => each.trim());
  return [
    /^Bearer (.*)$/i.exec(headers.get('Authorization') ?? '')?.[1]?.trim(),
    cookies.find((each) => each.startsWith(name))?.slice(name.length),
  ];
}

/** @returns the body, cut off where it is longer than any sign-in. */
async function bodyOf(request: Request): Promise<Buffer> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    chunks.push(read.value);
    size += read.value.byteLength;
    if (size > longestSignIn) break;
  }
  return Buffer.concat(chunks);
}

/** Reads it as the object does: a mark of the order of bytes is none of the text. */
function nameIn(body: Buffer): string | null {
  try {
    return signIn.parse(JSON.parse(new TextDecoder().decode(body))).username;
  } catch {
    return null;
  }
}

/** What stands before the paths of Curfew's routes. */
export const prefixOf = ({ basePath = '/api' }: RouteOptions): string => (basePath === '/' ? '' : basePath);

/** Where the event stream of a session is. */
export const streamPath = (options: RouteOptions): string => `${prefixOf(options)}/auth/stream`;

/**
 * Whether a request is for Curfew's routes, by its path: the application has none of its own beneath them. The path is
 * read as the routes of the object read it, however it is encoded.
 */
export function isOwn(request: Request, options: RouteOptions): boolean {
  const path = getPath(request);
  const folders = ['auth', 'drafts', 'admin'].map((folder) => `${prefixOf(options)}/${folder}`);
  return (
    path === '/.well-known/jwks.json' || folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
  );
}

/** The object that answers a request: that of the user whom a credential names, or one that keeps nothing. */
export function objectFor(request: Request, env: CurfewEnv, { cookieName = defaultCookieName }: RouteOptions) {
  bindingsOf(env);
  for (const token of tokensOf(request, cookieName)) {
    const object = objectIn(env, token);
    if (object) return object;
  }
  const from = createHash('sha256').update(request.headers.get('CF-Connecting-IP') ?? '');
  return objectOfNobody(env, from.digest().readUInt32BE(0));
}

async function signInAtUser(request: Request, env: CurfewEnv, options: RouteOptions): Promise<Response> {
  const body = await bodyOf(request);
  const name = nameIn(body);
  const object = name === null ? objectFor(request, env, options) : objectOfName(env, name);
  return object.fetch(new Request(request, { method: 'POST', body }));
}

/** The request without what only a worker says to an object. */
function asItCame(request: Request): Request {
  if (!request.headers.has(listenerHeader)) return request;
  const headers = new Headers(request.headers);
  headers.delete(listenerHeader);
  return new Request(request, { headers });
}

/**
 * Has a request for Curfew's routes answered by the object of its user: the one that its credential names, or the one of
 * the name that signs in. Who names nobody is answered by one that keeps nothing.
 */
export async function routeToUser(request: Request, env: CurfewEnv, options: RouteOptions = {}): Promise<Response> {
  const asked = asItCame(request);
  const path = getPath(asked);
  const signIns = ['login', 'register'].map((last) => `${prefixOf(options)}/auth/${last}`);
  try {
    if (asked.method === 'GET' && path === streamPath(options))
      return await answerStream(objectFor(asked, env, options), asked);
    if (asked.method !== 'POST' || !signIns.includes(path)) return await objectFor(asked, env, options).fetch(asked);
    return await signInAtUser(asked, env, options);
  } catch (error) {
    return unavailable(error);
  }
}
