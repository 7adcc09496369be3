import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const dayInSeconds = 86_400;

/** How long what is found may be kept: assets for a year, because their names contain a hash of their content. */
export const cacheTime = {
  asset: `public, max-age=${365 * dayInSeconds}, immutable`,
  page: 'no-cache',
} as const;

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

/** What every page says to the browser. Only a page that asks for the inspector may talk to the window that it opens. */
export const pageHeaders: MiddlewareHandler = (c, next) =>
  (c.req.query('inspect') === undefined ? alone : withPopups)(c, next);

/** Whether a path names a file, so that it is no page of the application's. */
export const namesFile = ({ req }: Context): boolean => /\.\w+$/.test(req.path);
