import { Hono } from 'hono';
import { docsRoutes } from '../operations/docs.ts';
import { objectOfNobody, type CurfewEnv } from './env.ts';
import { unavailable } from './unavailable.ts';

/**
 * `/openapi.json` and `/docs`, the description of the routes, to be mounted in front of `protect`: `app.route('/', docs())`.
 * It is of those that the options of the objects have.
 */
export function docs(): Hono<{ Bindings: CurfewEnv }> {
  const routes = new Hono<{ Bindings: CurfewEnv }>();
  routes.onError((error) => unavailable(error));
  for (const path of ['/openapi.json', '/docs'])
    routes.get(path, async (c) => docsRoutes(await objectOfNobody(c.env).describe()).fetch(c.req.raw));
  return routes;
}
