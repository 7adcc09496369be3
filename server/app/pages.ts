import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { problem } from '../http/problem.ts';
import { cacheTime, namesFile, pageHeaders } from './pageHeaders.ts';

/** Says for how long what is found may be kept. `onFound` of `serveStatic` comes too late: its answer has its headers by then. */
const keptFor =
  (value: string): MiddlewareHandler =>
  async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', value);
  };

/**
 * Serves the built pages: assets with a cache time of a year, every other file with none; every other path gets
 * `index.html`, which routes by itself.
 *
 * @param root the folder the pages were built into
 */
export function pages(root: string): Hono {
  const index = readFileSync(join(root, 'index.html'), 'utf8');
  const routes = new Hono();
  routes
    .use(pageHeaders)
    .use('/assets/*', keptFor(cacheTime.asset), serveStatic({ root }))
    .use('/*', keptFor(cacheTime.page), serveStatic({ root, index: 'none' }))
    .get('/*', (c) => {
      if (namesFile(c)) return problem(c, 'not_found');
      return c.html(index, 200, { 'Cache-Control': cacheTime.page });
    });
  return routes;
}
