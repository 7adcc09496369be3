import type { Context, MiddlewareHandler } from 'hono';
import { seconds } from '../../machines/index.ts';
import type { HttpDependencies } from './dependencies.ts';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const requestHeaders = 'Authorization, Session-Id, Session-Activity, If-Match, Content-Type, Idempotency-Key';
const exposedHeaders = 'Session-Status, ETag, WWW-Authenticate, Retry-After, Content-Disposition';
/** How long browsers keep the answer to a preflight: as long as Chromium does at most, in seconds. */
const kept = seconds(7_200) / 1000;

type Origins = Pick<HttpDependencies, 'origins'>;

/** The listed origin that a request comes from, or `null`. */
export const listedOrigin = ({ origins }: Origins, c: Context): string | null => {
  if (origins.length === 0) return null;
  const origin = c.req.header('Origin');
  return origin !== undefined && origins.includes(origin) ? origin : null;
};

const isPreflight = (c: Context): boolean =>
  c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined;

function varyByOrigin(c: Context): void {
  const vary = c.res.headers.get('Vary') ?? '';
  const named = vary.split(',').map((each) => each.trim().toLowerCase());
  if (!named.includes('origin')) c.header('Vary', 'Origin', { append: true });
}

/** Lets the pages of a listed origin read an answer, whatever it is. Where none is listed, nothing is added. */
export function shareAnswer(parts: Origins, c: Context): void {
  if (parts.origins.length === 0) return;
  varyByOrigin(c);
  const origin = listedOrigin(parts, c);
  if (origin === null) return;
  c.header('Access-Control-Allow-Origin', origin);
  c.header('Access-Control-Allow-Credentials', 'true');
  c.header('Access-Control-Expose-Headers', exposedHeaders);
}

/**
 * Answers the preflight of a listed origin, which never carries a credential.
 *
 * @returns the answer, or `null` for any other request.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function answerPreflight(parts: Origins, c: Context): Response | null {
  const origin = listedOrigin(parts, c);
  if (origin === null || !isPreflight(c)) return null;
  return c.body(null, 204, {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': requestHeaders,
    'Access-Control-Max-Age': String(kept),
    Vary: 'Origin',
  });
}

/**
 * Lets pages of listed origins send requests and read the answers, errors included.
 *
 * @see ASVS 5.0 3.4.2, 3.5.2
 */
export const shareWithListed =
  (parts: Origins): MiddlewareHandler =>
  async (c, next) => {
    const preflight = answerPreflight(parts, c);
    if (preflight) return preflight;
    await next();
    shareAnswer(parts, c);
    return undefined;
  };
