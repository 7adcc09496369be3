import type { Context } from 'hono';
import type { HttpDependencies } from './dependencies.ts';
import { isTooFar } from './cookie.ts';
import { listedOrigin } from './cors.ts';
import { isPlainHttp } from './origins.ts';
import { problem, type Refusal } from './problem.ts';

/** What two hosts of one site have in common at least, where the browser does not say whether they are of one. */
const domainOf = (host: string): string => (/^[\d.]+$|^\[/.test(host) ? host : host.split('.').slice(-2).join('.'));

/** Whether a page of a listed origin is of another site than the server, so that its browser keeps no cookie of ours. */
function isOtherSite(c: Context, origin: string): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'cross-site';
  return domainOf(new URL(origin).hostname) !== domainOf(new URL(c.req.url).hostname);
}

const said = new WeakSet<object>();

function sayOnce({ write }: Pick<HttpDependencies, 'write'>, warning: string): void {
  if (said.has(write)) return;
  said.add(write);
  write({ msg: 'warning', level: 'warn', warning });
}

/**
 * Refuses a sign-in in cookie mode whose page could not keep the cookie, before anything is made: from another site,
 * with `cross_site`, and over plain http, or through a proxy to a server for development, with `https_required` and one line in the log.
 *
 * @returns the refusal to answer with, or `null`.
 * @see RFC 6265bis §5.6, §5.7
 */
export function refuseUnkeepable(
  parts: Pick<HttpDependencies, 'origins' | 'sessionCookie' | 'write'>,
  c: Context,
): Refusal | null {
  if (isTooFar(c, parts.sessionCookie)) {
    sayOnce(parts, 'a sign-in through a proxy was refused: with developmentCookie sessions are for this machine alone');
    return problem(c, 'https_required', { detail: 'This server is set up for development, without a proxy.' });
  }
  const listed = listedOrigin(parts, c);
  if (listed !== null && isOtherSite(c, listed))
    return problem(c, 'cross_site', {
      detail: 'A page of another site keeps no cookie of this one: sign in with transport "bearer".',
      transport: 'bearer',
    });
  const origin = c.req.header('Origin');
  if (origin === undefined || !isPlainHttp(origin)) return null;
  sayOnce(
    parts,
    `a sign-in at ${new URL(origin).origin} was refused: browsers keep the session cookie over https only`,
  );
  return problem(c, 'https_required');
}
