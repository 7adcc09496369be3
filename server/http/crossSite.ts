import type { Context, MiddlewareHandler } from 'hono';
import type { HttpDependencies } from './dependencies.ts';
import { isUpgrade, presentedBy, type Credential, type Presented, type PresentedDependencies } from './presented.ts';
import { problem } from './problem.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a browser says of where a request comes from, and what the request presents. */
interface Provenance {
  readonly site: string | undefined;
  readonly origin: string | undefined;
  readonly presented: Pick<Presented, 'credential' | 'isTicket' | 'hasCookie'>;
  /** The configured origins. */
  readonly listed: readonly string[];
  /** Where the request went to: what is taken for ours where none is configured. It is seldom asked for, and takes long. */
  readonly requested: () => string;
  /** Whether it asks for a WebSocket, which any page can open, with the cookies of the host. */
  readonly isSocket: boolean;
}

/**
 * Whether an unsafe request comes from our own pages, from those of a listed origin, or from no browser at all. What
 * speaks by a bearer token of ours needs no check: no browser adds one by itself.
 *
 * @see ASVS 5.0 3.5.1
 */
export function isOwn({ site, origin, presented, listed, requested, isSocket }: Provenance): boolean {
  if (presented.credential?.transport === 'bearer' && !presented.isTicket) return true;
  if (origin !== undefined && listed.includes(origin)) return true;
  // Every browser names the origin of a socket: without one it is no page, and has to bring a token or a ticket.
  if (isSocket && origin === undefined) return presented.isTicket;
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return listed.length === 0 && origin === requested();
  return !presented.hasCookie;
}

type CrossSiteDependencies = PresentedDependencies & Pick<HttpDependencies, 'origins'>;

const provenanceOf = (
  { origins }: CrossSiteDependencies,
  c: Context,
  presented: Provenance['presented'],
): Provenance => ({
  site: c.req.header('Sec-Fetch-Site'),
  origin: c.req.header('Origin'),
  presented,
  listed: origins,
  requested: () => new URL(c.req.url).origin,
  isSocket: isUpgrade(c),
});

const isOwnRequest = async (parts: CrossSiteDependencies, c: Context): Promise<boolean> =>
  isOwn(provenanceOf(parts, c, await presentedBy(parts, c)));

/**
 * Whether a request for no WebSocket may be answered, as far as that can be told by the credential that speaks for it.
 * `false` says nothing: there may be a cookie, too.
 */
export const isHarmlessWith = (parts: CrossSiteDependencies, c: Context, credential: Credential): boolean =>
  safeMethods.has(c.req.method) ||
  isOwn(provenanceOf(parts, c, { credential, isTicket: false, hasCookie: credential.transport === 'cookie' }));

/** Whether a request may come from anywhere: it is of a safe method, and asks for no WebSocket. */
const isHarmless = (c: Context): boolean => safeMethods.has(c.req.method) && !isUpgrade(c);

/**
 * Refuses an unsafe request from another site, sign-in included, with `cross_site`. A WebSocket counts as unsafe.
 *
 * @returns the refusal to answer with, or `null`.
 * @see ASVS 5.0 3.5.1, 4.4.2
 */
export async function refuseOtherSite(parts: CrossSiteDependencies, c: Context): Promise<Response | null> {
  if (isHarmless(c)) return null;
  return (await isOwnRequest(parts, c)) ? null : problem(c, 'cross_site');
}

/** The same as middleware. */
export const refuseCrossSite =
  (parts: CrossSiteDependencies): MiddlewareHandler =>
  async (c, next) =>
    (await refuseOtherSite(parts, c)) ?? next();

/**
 * Refuses a request of a safe method, too, when the browser says that another site has caused it: a link or a frame there.
 * For what is more than a page, such as a file with everything of a user. What the user typed as an address is let through.
 */
export const refuseForeignPages =
  (parts: CrossSiteDependencies): MiddlewareHandler =>
  async (c, next) => {
    const [site, origin] = [c.req.header('Sec-Fetch-Site'), c.req.header('Origin')];
    const saysNothing = (site === undefined || site === 'none') && origin === undefined;
    return saysNothing || (await isOwnRequest(parts, c)) ? next() : problem(c, 'cross_site');
  };
