import type { Context, MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** Whether a text is an origin as browsers send it, of http or https. */
export const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What the browser says of where a request comes from. */
interface Provenance {
  readonly site: string | undefined;
  readonly origin: string | undefined;
  readonly hasCookie: boolean;
  readonly ownOrigin: string;
}

/**
 * Whether an unsafe request comes from our own pages, or from no browser at all.
 *
 * @see ASVS 5.0 3.5.1
 */
export function isOwn({ site, origin, hasCookie, ownOrigin }: Provenance): boolean {
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return origin === ownOrigin;
  return !hasCookie;
}

const provenanceOf = (c: Context, origin: string | null): Provenance => ({
  site: c.req.header('Sec-Fetch-Site'),
  origin: c.req.header('Origin'),
  hasCookie: c.req.header('Cookie') !== undefined,
  ownOrigin: origin ?? new URL(c.req.url).origin,
});

/** Refuses unsafe requests from other sites, sign-in included. `origin` is the configured one; else the request's own. */
export const refuseCrossSite =
  (origin: string | null): MiddlewareHandler =>
  async (c, next) => {
    if (!safeMethods.has(c.req.method) && !isOwn(provenanceOf(c, origin))) return problem(c, 'cross_site');
    return next();
  };
