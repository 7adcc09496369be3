import { Hono, type MiddlewareHandler } from 'hono';
import { except } from 'hono/combine';
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
import { socketTicketRoutes } from './routes/socketTicket.ts';
import { userExportRoutes } from './routes/userExport.ts';
import { verifyRoutes } from './routes/verify.ts';
import { waysRoutes } from './routes/ways.ts';
import { warningRoutes } from './routes/warning.ts';
import { draftRoutes } from './routes/drafts.ts';
import { shareWithListed } from './http/cors.ts';
import { refuseCrossSite } from './http/crossSite.ts';
import { answerFailure } from './http/failure.ts';
import { protectWith, type Protect } from './http/protect.ts';
import { requireSession } from './http/requireSession.ts';
import { dispatchTo, ownRoutes } from './http/ownRoutes.ts';
import { mountAt } from './http/mount.ts';
import { problem } from './http/problem.ts';
import { recordRefusals } from './http/recordRefusals.ts';
import { requestsUnderWay } from './http/requestsUnderWay.ts';
import type { Dependencies } from './routes/dependencies.ts';

/** Keeps answers out of every cache. A service worker's keeps what says `no-store`, but nothing that varies by everything. */
const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
  c.header('Vary', '*');
};

const countNothing: MiddlewareHandler = async (_, next) => next();

/** Where Curfew's routes are, beneath the base path. An application may have routes of its own there. */
const folders = ['auth', 'drafts', 'admin'] as const;

/** Makes what tells whether a path is beneath one of the folders, or is the one of the keys. */
function ownPlaces({ basePath }: Pick<Dependencies, 'basePath'>): (path: string) => boolean {
  const places = folders.map((folder) => `${basePath}/${folder}`);
  const isBeneath = (path: string, place: string) =>
    path.startsWith(place) && (path.length === place.length || path[place.length] === '/');
  return (path) => places.some((place) => isBeneath(path, place)) || path === '/.well-known/jwks.json';
}

const authRoutes = (parts: Dependencies, addressOf: Dependencies['addressOf']) =>
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
    .route('/', userExportRoutes(parts))
    .route('/', streamRoutes(parts))
    .route('/', waysRoutes(parts))
    .route('/', socketTicketRoutes(parts))
    .route('/', verifyRoutes(parts));

/**
 * @param base the base path, again: so that a typed client sees the paths
 */
const curfewRoutes = <Base extends string>(parts: Dependencies, base: Base, count: MiddlewareHandler) => {
  const { addressOf, countRequest = countNothing } = parts;
  const routes = new Hono();
  const own = ownRoutes(routes);
  /** Leaves alone what the application has behind these routes beneath the same folders. */
  const ours = (...handlers: readonly MiddlewareHandler[]) =>
    except((c) => !own.isOwn(c) && own.hasOthersBehind(c), ...handlers);
  const checks = [
    countRequest,
    count,
    shareWithListed(parts),
    noStore,
    recordRefusals(parts, addressOf),
    refuseCrossSite(parts),
  ];
  const mount = mountAt(
    parts,
    folders.map((folder) => `${base}/${folder}/*`),
  );
  for (const folder of folders) routes.use(`${base}/${folder}/*`, mount.refuseElsewhere);
  routes.onError(answerFailure(parts));
  const all = routes
    .use(`${base}/auth/*`, ours(...checks))
    .route(`${base}/auth`, authRoutes(parts, addressOf))
    .use(`${base}/admin/*`, ours(...checks))
    .route(`${base}/admin`, adminRoutes(parts, addressOf))
    .use(`${base}/drafts/*`, ours(...checks, requireSession(parts, { counts: true, alarmed: true })))
    .route(`${base}/drafts`, draftRoutes(parts))
    .get('/.well-known/jwks.json', countRequest, (c) => c.json({ keys: parts.keys.publicKeys }, 200));
  for (const folder of folders)
    routes.all(
      `${base}/${folder}/*`,
      ours(async (c) => problem(c, 'not_found')),
    );
  return { own, mount, routes: all };
};

/** The routes of Curfew, for a typed client: beneath the default base path. */
export type CurfewRoutes = ReturnType<typeof curfewRoutes<'/api'>>['routes'];

/** What answers requests. */
export interface Handlers {
  /** @see Curfew.protect */
  readonly protect: Protect;
  /** Sign-in, refresh, preserved work and the rest, beneath the base path. */
  readonly routes: CurfewRoutes;
  /** Has a request answered by the routes, mounted or not; what is none of theirs is `not_found`. */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
  /** Whether a request is for the routes, by its method and path. */
  readonly owns: (request: Request) => boolean;
  /** Resolves as soon as no request is being answered, here or by what `protect` stands before. */
  readonly answered: () => Promise<void>;
}

/** Makes the middleware and the routes. */
export function createHandlers(parts: Dependencies): Handlers {
  const underWay = requestsUnderWay();
  const isOwnPlace = ownPlaces(parts);
  const { own, mount, routes } = curfewRoutes(parts, parts.basePath, underWay.count);
  const dispatcher = dispatchTo(routes);
  return {
    protect: protectWith(parts, underWay, {
      isOwn: (c, others) => isOwnPlace(c.req.path) && (own.isOwn(c) || !own.hasOthersBehind(c, others)),
      dispatch: dispatcher.dispatch,
      mount,
    }),
    routes,
    fetch: dispatcher.fetch,
    owns: (request) => own.owns(request),
    answered: underWay.none,
  };
}
