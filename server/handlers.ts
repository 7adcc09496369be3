import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { every, except } from 'hono/combine';
import { isFreshlyAuthenticated } from '../machines/index.ts';
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
import { answerPreflight, shareAnswer, shareWithListed } from './http/cors.ts';
import type { ActiveSession } from './http/activeSession.ts';
import { refuseCrossSite } from './http/crossSite.ts';
import { answerFailure } from './http/failure.ts';
import { checkProtectOptions, type Optional, type ProtectOptions } from './http/protectOptions.ts';
import { isHonoContext } from './http/kindOfRequest.ts';
import { requireSession, type OptionalSessionEnv, type SessionEnv } from './http/requireSession.ts';
import { dispatchTo, ownRoutes } from './http/ownRoutes.ts';
import { mountAt } from './http/mount.ts';
import { problem } from './http/problem.ts';
import { recordRefusals } from './http/recordRefusals.ts';
import { requestsUnderWay } from './http/requestsUnderWay.ts';
import type { Dependencies } from './routes/dependencies.ts';

const notHono = 'protect: this is a middleware of Hono; with Express use nodeBridge(curfew).protect()';

const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Cache-Control', 'no-store');
};

const countNothing: MiddlewareHandler = async (_, next) => next();

/** Where Curfew's routes are, beneath the base path. An application may have routes of its own there. */
const folders = ['auth', 'drafts', 'admin'] as const;

const isOwnPlace = ({ basePath }: Pick<Dependencies, 'basePath'>, path: string): boolean =>
  folders.some((each) => path === `${basePath}/${each}` || path.startsWith(`${basePath}/${each}/`)) ||
  path === '/.well-known/jwks.json';

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

/** Makes the middleware that judges requests to the application's own routes. */
export interface Protect {
  (options: Optional): MiddlewareHandler<OptionalSessionEnv>;
  (options?: ProtectOptions): MiddlewareHandler<SessionEnv>;
}

/** What answers requests. */
export interface Handlers {
  /** The middleware without options. @see Curfew.protect */
  readonly protect: MiddlewareHandler<SessionEnv>;
  /** @see Curfew.protect */
  readonly protectWith: Protect;
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
  const { countRequest = countNothing } = parts;
  const { own, mount, routes } = curfewRoutes(parts, parts.basePath, underWay.count);
  const dispatcher = dispatchTo(routes);
  /** Requests that need not be judged again where the middleware is mounted twice. */
  const judged = new WeakSet<Context>();
  const made: MiddlewareHandler<SessionEnv>[] = [];

  /** Answers for what goes wrong with the judging itself, and lets pages of listed origins read the answer. */
  async function answering(c: Context, judge: () => Promise<unknown>): Promise<undefined> {
    try {
      await judge();
      c.header('Cache-Control', 'no-store');
    } catch (error) {
      // What the application's own routes throw never gets here: Hono hands it to the application's own handler.
      if (!(error instanceof Error)) throw error;
      // An answer that is there already would otherwise stand, or leave its headers.
      c.res = undefined;
      c.res = await answerFailure(parts)(error, c);
    }
    shareAnswer(parts, c);
    return undefined;
  }

  function protectWith(options: Optional): MiddlewareHandler<OptionalSessionEnv>;
  function protectWith(options?: ProtectOptions): MiddlewareHandler<SessionEnv>;
  function protectWith(options: ProtectOptions = {}): MiddlewareHandler {
    checkProtectOptions('protect', options, 'curfew.protect');
    const { optional, recent } = options;
    const judge = every(
      underWay.count,
      recordRefusals(parts, parts.addressOf),
      refuseCrossSite(parts),
      requireSession(parts, {
        counts: true,
        // Where nobody has to be signed in, a dead session is nothing out of the ordinary.
        alarmed: optional !== true,
        persons: true,
        optional,
        ...(recent !== undefined && { recent }),
      }),
    );
    const protect: MiddlewareHandler<SessionEnv> = async (c, next) => {
      if (!isHonoContext(c)) throw new TypeError(notHono);
      if (judged.has(c) && hasSession(c, options)) return requireRecent(parts, c, recent) ?? next();
      const isOurs = own.isOwn(c) || (isOwnPlace(parts, c.req.path) && !own.hasOthersBehind(c, made));
      if (isOurs) return dispatcher.dispatch(c);
      if (judged.has(c)) return answering(c, () => judge(c, next));
      judged.add(c);
      return countRequest(c, async () => {
        const early = mount.refusal(c) ?? answerPreflight(parts, c);
        if (early) c.res = early;
        else await answering(c, () => judge(c, next));
      });
    };
    made.push(protect);
    return protect;
  }
  return {
    protect: protectWith(),
    protectWith,
    routes,
    fetch: dispatcher.fetch,
    owns: (request) => own.owns(request),
    answered: underWay.none,
  };
}

/** Whether the one before has let a request in as this one does: it may have let in one without a session. */
const hasSession = (c: Context<SessionEnv>, { optional = false }: ProtectOptions): boolean => {
  const session: ActiveSession | null = c.get('session');
  return session !== null || optional;
};

/** @returns the refusal of a request whose session was let in, and whose proof is too old, or `null`. */
function requireRecent(
  { clock }: Pick<Dependencies, 'clock'>,
  c: Context<SessionEnv>,
  recent: ProtectOptions['recent'],
): Response | null {
  if (recent === undefined || isFreshlyAuthenticated(c.get('stored').state.context, clock(), recent)) return null;
  return problem(c, 'reauthentication_required');
}
