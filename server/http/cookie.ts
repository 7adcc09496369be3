import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Duration } from '../../machines/index.ts';

/** How a credential travels: in a cookie no script can read, or in the `Authorization` header. */
export type Transport = 'cookie' | 'bearer';

/** A token with the way it came. */
export interface CarriedToken {
  readonly token: string;
  readonly transport: Transport;
}

/** The name of the session cookie behind its prefix, where none is configured. */
export const defaultCookieName = 'curfew';

/** Whether a text can be the name of a cookie behind the prefix. @see RFC 6265bis §4.1.1 */
export const isCookieName = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

const securePrefix = '__Host-';
const attributes = { path: '/', httpOnly: true, sameSite: 'Lax' } as const;

/**
 * The whole name of the session cookie. For development there is one that browsers keep over plain http, too.
 *
 * @param name as it is configured
 * @see RFC 6265bis §4.1.3.2
 */
export const sessionCookie = (name: string, isDevelopment: boolean): string =>
  isDevelopment ? `${name}-dev` : `${securePrefix}${name}`;

/** Whether browsers keep the cookie of that name over plain http, too. */
export const isOverPlainHttp = (cookie: string): boolean => !cookie.startsWith(securePrefix);

const isForwardedBy = (name: string): boolean => /^(forwarded|via|x-(forwarded|original|real)-.*)$/i.test(name);

/**
 * Whether a request cannot use the cookie of that name: the one for development is for this machine alone, and a proxy's
 * header says that the request comes from elsewhere.
 */
export const isTooFar = (c: Context, cookie: string): boolean =>
  isOverPlainHttp(cookie) && [...c.req.raw.headers.keys()].some(isForwardedBy);

/** Longer ones are cut by browsers, and refused by the cookie library. @see RFC 6265bis §5.5 */
const longestCookie: Duration = 400 * 86_400_000;

/** The bearer token, empty where the header names none. Other schemes may belong to a proxy and are ignored. */
export function bearerTokenOf(c: Context): string | undefined {
  const header = c.req.header('Authorization');
  return header === undefined ? undefined : /^Bearer(?=\s|$)(.*)$/i.exec(header)?.[1]?.trim();
}

/** The token in the session cookie, whatever the `Authorization` header says. */
export const cookieTokenOf = (c: Context, name: string): string | undefined =>
  isTooFar(c, name) ? undefined : getCookie(c, name);

/**
 * The same where the header is as browsers write it: the text of the first cookie of the name, which may be of any kind.
 *
 * @returns `undefined` where it has to be read with care
 */
export function plainCookieOf(c: Context, full: string): string | undefined {
  const header = c.req.header('Cookie');
  const at = header?.indexOf(full) ?? -1;
  if (header === undefined || at === -1 || isTooFar(c, full)) return undefined;
  const begins = at + full.length + 1;
  const isFirst = at === 0 || (header[at - 1] === ' ' && header[at - 2] === ';');
  // Of two there may be reasons to take the other.
  if (!isFirst || header[begins - 1] !== '=' || header.includes(full, begins)) return undefined;
  const ends = header.indexOf(';', begins);
  return ends === -1 ? header.slice(begins) : header.slice(begins, ends);
}

/**
 * Hands a token out: in cookie mode it is never in a body.
 *
 * @param name of the cookie, with its prefix
 * @param keep how long a remembered session's cookie stays in the jar; without it, until the browser closes
 * @returns what to add to the body
 * @see ASVS 5.0 3.3.1–3.3.5, RFC 6265bis
 */
export function setCredential(
  c: Context,
  name: string,
  { token, transport }: CarriedToken,
  keep: Duration | null,
): { token?: string } {
  if (transport === 'bearer') return { token };
  const maxAge = keep === null ? {} : { maxAge: Math.floor(Math.min(keep, longestCookie) / 1000) };
  setCookie(c, name, token, { ...attributes, secure: !isOverPlainHttp(name), ...maxAge });
  return {};
}

/** Takes the cookie out of the jar. */
export function clearCookie(c: Context, name: string): void {
  deleteCookie(c, name, { ...attributes, secure: !isOverPlainHttp(name) });
}
