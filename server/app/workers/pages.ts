import { Hono } from 'hono';
import { problem } from '../../http/problem.ts';
import { cacheTime, namesFile, pageHeaders } from '../pageHeaders.ts';
import type { Assets } from './env.ts';

/** The answer of a binding, with headers that can be changed, and the cache time that the application says. */
function found(answer: Response, kept: string): Response {
  const response = new Response(answer.body, answer);
  response.headers.set('Cache-Control', kept);
  return response;
}

/** Serves the built pages as on Node, from the static assets that are bound. */
export const pages = (assets: Assets): Hono =>
  new Hono().use(pageHeaders).get('/*', async (c) => {
    const answer = await assets.fetch(c.req.raw);
    if (answer.status !== 404)
      return found(answer, c.req.path.startsWith('/assets/') ? cacheTime.asset : cacheTime.page);
    if (namesFile(c)) return problem(c, 'not_found');
    return found(await assets.fetch(new Request(new URL('/index.html', c.req.url), c.req.raw)), cacheTime.page);
  });
