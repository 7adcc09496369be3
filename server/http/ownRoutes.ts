import { Hono, type Context } from 'hono';
import { findTargetHandler } from 'hono/utils/handler';
import { getPath } from 'hono/utils/url';
import { problem } from './problem.ts';
import { matchedRoutes } from './route.ts';

type Routes = Pick<Hono, 'routes' | 'router'>;

/** Distinguishes requests for Curfew's routes from requests for the application's. */
export interface OwnRoutes {
  /** Whether the method and the path of a request are those of a route of Curfew. HEAD counts as GET. */
  isOwn(c: Context): boolean;
  /** The same of a request that has no context. */
  owns(request: Pick<Request, 'method' | 'url'>): boolean;
  /**
   * Whether the application has a handler behind the present one that takes the request: neither a route of Curfew nor
   * one of those named.
   */
  hasOthersBehind(c: Context, except?: readonly unknown[]): boolean;
}

/** Knows Curfew's requests by its routes, which may be mounted anywhere in an application, or nowhere. */
export function ownRoutes(routes: Routes): OwnRoutes {
  // Asked only once there are requests: by then every route has been added.
  let handlers: ReadonlySet<unknown> | null = null;
  const all = () => (handlers ??= new Set(routes.routes.map(({ handler }) => findTargetHandler(handler))));
  const hasRoute = (method: string, path: string): boolean =>
    routes.router.match(method === 'HEAD' ? 'GET' : method, path)[0].some(([[, route]]) => route.method !== 'ALL');
  return {
    isOwn: ({ req }) => hasRoute(req.method, req.path),
    owns: ({ method, url }) => hasRoute(method, new URL(url).pathname),
    hasOthersBehind(c, except = []) {
      const behind = matchedRoutes(c).slice(c.req.routeIndex + 1);
      return behind
        .map(({ handler }) => findTargetHandler(handler))
        .some((handler) => !all().has(handler) && !except.includes(handler));
    },
  };
}

const copyVariables = (from: Context, to: Context): void => {
  for (const [name, value] of Object.entries(from.var)) to.set(name, value);
};

/** The request with a body that can be read, even where the application has read it before. */
const readable = async ({ req }: Context): Promise<Request> =>
  Object.keys(req.bodyCache).length > 0 && req.raw.bodyUsed
    ? new Request(req.raw, { method: req.method, body: await req.arrayBuffer() })
    : req.raw;

/** Has requests answered by routes; what is none of theirs is `not_found`. */
export interface Dispatcher {
  readonly dispatch: (c: Context) => Promise<Response>;
  /** For a request that no application of Hono has. */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
}

/**
 * Has requests answered by routes that need not be mounted in the application. They know what the application has set
 * for the request, and the application knows what they set.
 */
export function dispatchTo(routes: Hono): Dispatcher {
  const asked = new WeakMap<Request, Context>();
  const dispatcher = new Hono({ getPath: (request) => asked.get(request)?.req.path ?? getPath(request) });
  dispatcher.use(async (c, next) => {
    const outer = asked.get(c.req.raw);
    if (outer) copyVariables(outer, c);
    await next();
    if (outer) copyVariables(c, outer);
  });
  dispatcher.route('/', routes);
  dispatcher.notFound((c) => problem(c, 'not_found'));
  return {
    async dispatch(c) {
      const request = await readable(c);
      asked.set(request, c);
      const answer = await dispatcher.fetch(request, c.env);
      return c.newResponse(answer.body, answer);
    },
    fetch: async (request, env) => dispatcher.fetch(request, env),
  };
}
