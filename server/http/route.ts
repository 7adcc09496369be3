import type { Context } from 'hono';
import type { RouterRoute } from 'hono/types';

/**
 * The routes that match a request, middleware included. The request itself is asked: an application whose Hono comes in
 * by `require` has another copy of Hono than this one, and the helper of `hono/route` knows requests of its own copy
 * only.
 */
export const matchedRoutes = (c: Context): readonly RouterRoute[] => c.req.matchedRoutes;

/**
 * The route that a request came to, as its pattern stands in the code; never the path itself, which may contain the id
 * of a user.
 *
 * @returns `none` where there is no such route.
 */
export const patternOf = (c: Context): string =>
  matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? 'none';
