import type { Context } from 'hono';
import type { Claims, Tokens } from '../keys/sessionTokens.ts';
import { bearerTokenOf, cookieTokenOf, plainCookieOf, type Transport } from './cookie.ts';
import type { HttpDependencies } from './dependencies.ts';
import { takeTicket } from './socketTicket.ts';

/** Whether a request asks for a WebSocket. @see RFC 6455 §4.1 */
export const isUpgrade = (c: Context): boolean => c.req.header('Upgrade')?.toLowerCase() === 'websocket';

/** A token whose signature has been verified; whether its session is live is another question. */
export interface Credential {
  readonly claims: Claims;
  readonly transport: Transport;
}

/** What a request presents, its signatures verified. */
export interface Presented {
  /** What speaks for the request: a bearer token that we signed, else the cookie. `null` where there is neither. */
  readonly credential: Credential | null;
  /** Whether a ticket for a socket stands for the bearer token. */
  readonly isTicket: boolean;
  /** Whether there is a token that claims to be ours, or to be for us, and is not. */
  readonly isForged: boolean;
  /** What the session cookie says, whether it or a bearer token speaks; `null` where there is none of ours. */
  readonly cookie: Claims | null;
  /** Whether the session cookie is there, and is not that of a neighbour on the same host. */
  readonly hasCookie: boolean;
}

/** What presenting needs. */
export type PresentedDependencies = Pick<HttpDependencies, 'tokens' | 'sessionCookie' | 'log' | 'singleUse' | 'clock'>;

/** What was read already, by whose it is: one application may have two of Curfew's before the same request. */
const alreadyRead = new WeakMap<Tokens, WeakMap<Request, Promise<Presented>>>();

/** Whether a cookie that we have not signed is one of ours that was changed, or is none of any Curfew. */
async function isForgery({ tokens, log }: PresentedDependencies, cookie: string): Promise<boolean> {
  const session = tokens.sessionNamedBy(cookie);
  return session === null || (await log.load(session)) !== null;
}

async function read(parts: PresentedDependencies, c: Context): Promise<Presented> {
  const { tokens, sessionCookie } = parts;
  const [bearer, cookie] = [bearerTokenOf(c), cookieTokenOf(c, sessionCookie)];
  // Pages can add no header to a WebSocket.
  const ticket = isUpgrade(c) && bearer === undefined ? c.req.query('ticket') : undefined;
  const taken = ticket === undefined ? null : await takeTicket(parts, ticket);
  const spoken = bearer === undefined ? taken : await tokens.verify(bearer);
  const kept = cookie === undefined ? null : await tokens.verify(cookie);
  const hasCookie = cookie !== undefined && (kept !== null || (await isForgery(parts, cookie)));
  const seen = { isTicket: taken !== null, isForged: false, cookie: kept, hasCookie };
  if (spoken) return { ...seen, credential: { claims: spoken, transport: 'bearer' } };
  if (kept) return { ...seen, credential: { claims: kept, transport: 'cookie' } };
  return { ...seen, credential: null, isForged: bearer !== undefined || ticket !== undefined || hasCookie };
}

/**
 * What speaks for a request that asks for no WebSocket, by a token whose signature was verified before.
 *
 * @returns `null` where that has to be found out.
 */
export function credentialAtOnce({ tokens, sessionCookie }: PresentedDependencies, c: Context): Credential | null {
  const bearer = bearerTokenOf(c);
  // What was verified before is spelled as we spell it: so its cookie is the one that would be read with care.
  const token = bearer ?? plainCookieOf(c, sessionCookie);
  const claims = token === undefined ? undefined : tokens.verified(token);
  return claims ? { claims, transport: bearer === undefined ? 'cookie' : 'bearer' } : null;
}

/** Remembers no more what a request presents: no other with the same is let in. */
export function forgetPresented({ tokens, sessionCookie }: PresentedDependencies, c: Context): void {
  for (const token of [bearerTokenOf(c), cookieTokenOf(c, sessionCookie)])
    if (token !== undefined) tokens.forget(token);
}

/**
 * Reads what a request presents, once a request. A bearer token that we signed speaks, whatever cookies there are; an
 * `Authorization` of another scheme or issuer says nothing beside a good cookie. The cookie of a neighbour on
 * the same host, signed with a key of its own for a session of its own, is none.
 *
 * @see ASVS 5.0 9.1.1
 */
export function presentedBy(parts: PresentedDependencies, c: Context): Promise<Presented> {
  const ours = alreadyRead.get(parts.tokens) ?? new WeakMap<Request, Promise<Presented>>();
  alreadyRead.set(parts.tokens, ours);
  const known = ours.get(c.req.raw);
  if (known) return known;
  const reading = read(parts, c);
  ours.set(c.req.raw, reading);
  return reading;
}
