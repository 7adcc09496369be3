import type { Context, MiddlewareHandler } from 'hono';
import { findTargetHandler } from 'hono/utils/handler';
import type { HttpDependencies } from './dependencies.ts';
import { problem } from './problem.ts';
import { matchedRoutes } from './route.ts';

/** Notices where the routes of Curfew are mounted. */
export interface Mount {
  /** Stands first on every path of the routes, and refuses requests that came to it by another path. */
  readonly refuseElsewhere: MiddlewareHandler;
  /** @returns the refusal of a request that would come to routes mounted elsewhere, or `null`. */
  readonly refusal: (c: Context) => Response | null;
}

/**
 * Routes that are mounted elsewhere than at `/` are found at paths that nobody knows: the cookie, the client and
 * `protect` go by the base path. Such a request is an `internal_error`, with one line in the log.
 *
 * @param paths of the routes, as they are at `/`
 */
export function mountAt(
  { write, basePath }: Pick<HttpDependencies, 'write' | 'basePath'>,
  paths: readonly string[],
): Mount {
  const said = new Set<string>();
  /** What the path of a request has in it that comes to the routes, wherever they are mounted. */
  const folders = paths.map((path) => path.replace(/\/\*$/, ''));

  /** Where the routes are mounted that a request matches, `null` where that is at `/`. */
  function mountOf(c: Context): string | null {
    const ours = matchedRoutes(c).filter(({ handler }) => findTargetHandler(handler) === refuseElsewhere);
    const elsewhere = ours.find(({ path }) => !paths.includes(path));
    if (!elsewhere) return null;
    const own = paths.find((path) => elsewhere.path.endsWith(path)) ?? '';
    return elsewhere.path.slice(0, elsewhere.path.length - own.length);
  }

  function refusal(c: Context): Response | null {
    const { path } = c.req;
    // Most requests come by here, and a closure costs each of them memory.
    let isLikeOurs = false;
    for (const folder of folders) isLikeOurs ||= path.includes(folder);
    const mount = isLikeOurs ? mountOf(c) : null;
    if (mount === null) return null;
    const error = `curfew.routes is mounted at ${mount}: mount it at /, and give createCurfew basePath: '${mount}${basePath}'`;
    if (!said.has(mount)) write({ msg: 'failure', level: 'error', code: 'internal_error', error });
    said.add(mount);
    return problem(c, 'internal_error');
  }

  const refuseElsewhere: MiddlewareHandler = async (c, next) => refusal(c) ?? next();
  return { refuseElsewhere, refusal };
}
