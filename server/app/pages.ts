import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problem } from '../http/problem.ts';

const dayInSeconds = 86_400;

const headers = (crossOriginOpenerPolicy: 'same-origin' | 'same-origin-allow-popups') =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
    crossOriginOpenerPolicy,
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
  });
const alone = headers('same-origin');
const withPopups = headers('same-origin-allow-popups');

/** Says for how long what is found may be kept. `onFound` of `serveStatic` comes too late: its answer has its headers by then. */
const keptFor =
  (value: string): MiddlewareHandler =>
  async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', value);
  };

/**
 * Serves the built pages: assets with a cache time of a year, because their names contain a hash of their content;
 * every other path gets `index.html`, which routes by itself.
 *
 * @param root the folder the pages were built into
 */
export function pages(root: string): Hono {
  const index = readFileSync(join(root, 'index.html'), 'utf8');
  const routes = new Hono();
  routes
    // Only a page that asks for the inspector may talk to the window that it opens.
    .use((c, next) => (c.req.query('inspect') === undefined ? alone : withPopups)(c, next))
    .use('/assets/*', keptFor(`public, max-age=${365 * dayInSeconds}, immutable`), serveStatic({ root }))
    .use('/*', keptFor('no-cache'), serveStatic({ root, index: 'none' }))
    .get('/*', (c) => {
      if (/\.\w+$/.test(c.req.path)) return problem(c, 'not_found');
      return c.html(index, 200, { 'Cache-Control': 'no-cache' });
    });
  return routes;
}
