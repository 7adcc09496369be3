import type { Context } from 'hono';

/**
 * Tells at which origin the page of a request is, as browsers see it: the listed one that the request comes from, else the
 * first that is listed; where none is, the request's own.
 */
export const originOf =
  (origins: readonly string[]) =>
  (c: Context): string =>
    origins.find((each) => each === c.req.header('Origin')) ?? origins[0] ?? new URL(c.req.url).origin;
