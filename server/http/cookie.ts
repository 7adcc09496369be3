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

const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
/** Longer ones are cut by browsers, and refused by the cookie library. @see RFC 6265bis §5.5 */
const longestCookie: Duration = 400 * 86_400_000;

/** The bearer token, empty where the header names none. Other schemes may belong to a proxy and are ignored. */
export const bearerTokenOf = (c: Context): string | undefined =>
  /^Bearer(?=\s|$)(.*)$/i.exec(c.req.header('Authorization') ?? '')?.[1]?.trim();

/** The token in the session cookie, whatever the `Authorization` header says. */
export const cookieTokenOf = (c: Context, name: string): string | undefined => getCookie(c, name, 'host');

/**
 * Hands a token out: in cookie mode it is never in a body.
 *
 * @param name of the cookie, without its prefix
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
  setCookie(c, name, token, { ...attributes, ...maxAge });
  return {};
}

/** Takes the cookie out of the jar. */
export function clearCookie(c: Context, name: string): void {
  deleteCookie(c, name, attributes);
}
