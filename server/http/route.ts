import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * The route that a request came to, as it is written in the code; never the path itself, which may name somebody.
 *
 * @returns `none` where there is no such route.
 */
export const patternOf = (c: Context): string =>
  matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? 'none';
