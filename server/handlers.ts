import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { every, except } from 'hono/combine';
import { adminRoutes } from './routes/admin.ts';
import { accountRoutes } from './routes/account.ts';
import { infoRoutes } from './routes/sessionInfo.ts';
import { leaseRoutes } from './routes/leases.ts';
import { loginRoutes } from './routes/login.ts';
import { logoutRoutes } from './routes/logout.ts';
import { reauthenticateRoutes } from './routes/reauthenticate.ts';
import { refreshRoutes } from './routes/refresh.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { streamRoutes } from './routes/stream.ts';
import { warningRoutes } from './routes/warning.ts';
import { draftRoutes } from './routes/drafts.ts';
import { addressReader } from './http/address.ts';
import { refuseCrossSite } from './http/crossSite.ts';
import { answerFailure } from './http/failure.ts';
import { requireSession, type SessionEnv } from './http/requireSession.ts';
import { dispatchTo, ownRoutes } from './http/ownRoutes.ts';
import { problem } from './http/problem.ts';
import { recordRefusals } from './http/recordRefusals.ts';
import { requestsUnderWay } from './http/requestsUnderWay.ts';
import type { Dependencies } from './routes/dependencies.ts';

const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
};

/** Where Curfew's routes are. An application may have routes of its own beneath. */
const ownPlaces = /^\/(api\/(auth|drafts|admin)(\/|$)|\.well-known\/jwks\.json$)/;

const authRoutes = (parts: Dependencies, addressOf: (c: Context) => string) =>
  new Hono()
    .route('/', loginRoutes(parts, addressOf))
    .route('/', logoutRoutes(parts))
    .route('/', refreshRoutes(parts))
    .route('/', reauthenticateRoutes(parts, addressOf))
    .route('/', infoRoutes(parts))
    .route('/', leaseRoutes(parts))
    .route('/', warningRoutes(parts))
    .route('/', sessionRoutes(parts))
    .route('/', accountRoutes(parts, addressOf))
    .route('/', streamRoutes(parts));

const curfewRoutes = (parts: Dependencies, count: MiddlewareHandler) => {
  const addressOf = addressReader(parts.trustedProxies);
  const routes = new Hono();
  const own = ownRoutes(routes);
  /** Leaves alone what the application has behind these routes beneath the same folders. */
  const ours = (...handlers: readonly MiddlewareHandler[]) =>
    except((c) => !own.isOwn(c) && own.hasOthersBehind(c), ...handlers);
  const checks = [count, noStore, recordRefusals(parts, addressOf), refuseCrossSite(parts.origin)];
  routes.onError(answerFailure(parts));
  const all = routes
    .use('/api/auth/*', ours(...checks))
    .route('/api/auth', authRoutes(parts, addressOf))
    .use('/api/admin/*', ours(...checks))
    .route('/api/admin', adminRoutes(parts, addressOf))
    .use('/api/drafts/*', ours(...checks, requireSession(parts, { counts: true, alarmed: true })))
    .route('/api/drafts', draftRoutes(parts))
    .get('/.well-known/jwks.json', (c) => c.json({ keys: parts.keys.publicKeys }, 200));
  for (const path of ['/api/auth/*', '/api/drafts/*', '/api/admin/*'])
    routes.all(
      path,
      ours(async (c) => problem(c, 'not_found')),
    );
  return { own, routes: all };
};

/** The routes of Curfew, for a typed client. */
export type CurfewRoutes = ReturnType<typeof curfewRoutes>['routes'];

/** What answers requests. */
export interface Handlers {
  /** The middleware that judges requests to the application's own routes. @see Curfew.protect */
  readonly protect: MiddlewareHandler<SessionEnv>;
  /** Sign-in, refresh, preserved work and the rest, under `/api/auth`, `/api/drafts` and `/api/admin`. */
  readonly routes: CurfewRoutes;
  /** Resolves as soon as no request is being answered, here or by what `protect` stands before. */
  readonly answered: () => Promise<void>;
}

/** Makes the middleware and the routes. */
export function createHandlers(parts: Dependencies): Handlers {
  const underWay = requestsUnderWay();
  const { own, routes } = curfewRoutes(parts, underWay.count);
  const dispatch = dispatchTo(routes);
  const judge = every(
    underWay.count,
    recordRefusals(parts, addressReader(parts.trustedProxies)),
    refuseCrossSite(parts.origin),
    requireSession(parts, { counts: true, alarmed: true }),
  );
  /** Requests that need not be judged again where the middleware is mounted twice. */
  const judged = new WeakSet<Context>();

  const protect: MiddlewareHandler<SessionEnv> = async (c, next) => {
    if (judged.has(c)) return next();
    const isOurs = own.isOwn(c) || (ownPlaces.test(c.req.path) && !own.hasOthersBehind(c, [protect]));
    if (isOurs) return dispatch(c);
    judged.add(c);
    try {
      await judge(c, next);
      c.header('Cache-Control', 'no-store');
    } catch (error) {
      // What the application's own routes throw never gets here: Hono hands it to the application's own handler.
      if (!(error instanceof Error)) throw error;
      // An answer that is there already would otherwise stand, or leave its headers.
      c.res = undefined;
      c.res = await answerFailure(parts)(error, c);
    }
    return undefined;
  };
  return { protect, routes, answered: underWay.none };
}
