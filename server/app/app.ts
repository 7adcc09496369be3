import { Hono, type Context } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Policy } from '../../machines/index.ts';
import type { Curfew } from '../curfew.ts';
import { answerFailure } from '../http/failure.ts';
import { discardRest } from '../http/limit.ts';
import { dispatchTo } from '../http/ownRoutes.ts';
import { logRequests } from '../http/requestLog.ts';
import { problem } from '../http/problem.ts';
import type { SessionDependencies } from '../session/dependencies.ts';
import { accountRoutes } from './account.ts';
import { boundCeremonies } from './ceremonies.ts';
import { conversationRoutes } from './conversations.ts';
import { longerWarnings } from './longerWarning.ts';
import type { OidcProvider } from './oidc/provider.ts';
import { oidcRoutes, oidcSignInRoutes } from './oidc/routes.ts';
import { passkeyRoutes, passkeySignInRoutes } from './passkeys/routes.ts';
import { signInWays } from './ways.ts';
import { docsRoutes } from '../operations/docs.ts';
import { healthRoutes } from '../operations/health.ts';
import type { createMetrics } from '../operations/metrics.ts';
import { noSniffing } from './noSniffing.ts';
import { originOf } from './origin.ts';
import { pages } from './pages.ts';
import { descriptionWith } from './routeDescriptions.ts';
import { settingsRoutes } from './settings.ts';
import type { AppStore } from './store/appStore.ts';

/** What the reference application is made of. */
export interface AppDependencies extends Pick<SessionDependencies, 'clock' | 'newId' | 'write'> {
  readonly curfew: Omit<Curfew, 'close' | 'operations' | 'policy'>;
  /** The limits that bind new sessions, the same for every user but for a longer warning that one has chosen. */
  readonly policy: Policy;
  readonly store: AppStore;
  /** Whether people may make their own accounts: the page for signing in offers it. */
  readonly canRegister: boolean;
  /** Signs users in, where there is one. */
  readonly provider: OidcProvider | null;
  /** At which origins browsers see the application; the request's own where none is listed. */
  readonly origins: readonly string[];
  /** Counts requests, and whatever is written to the log. */
  readonly metrics: ReturnType<typeof createMetrics>;
}

/** The reference application's API: Curfew before conversations and settings. */
function createApi(parts: AppDependencies) {
  const { curfew, policy, store, canRegister, metrics, clock, newId, provider } = parts;
  const api = new Hono();
  const recent = curfew.protect({ recent: Math.max(1, policy.freshAuth) });
  const ceremonies = boundCeremonies({ store: store.ceremonies, clock, newId });
  const signInParts = {
    ...store,
    ...parts,
    ceremonies,
    originOf: originOf(parts.origins),
    recent,
  };
  const onMethodNotAllowed = (c: Context, allow: string[]) =>
    problem(c, 'method_not_allowed', { headers: { Allow: allow.join(', ') } });
  return api
    .use(methodNotAllowed({ app: api, onMethodNotAllowed }))
    .route('/', metrics.routes)
    .route('/', docsRoutes(descriptionWith(canRegister)))
    .route('/', healthRoutes(curfew.whyNotReady))
    .get('/api/policy', (c) =>
      c.json({ policy, longerWarnings: longerWarnings(policy), canRegister, ways: signInWays(provider) }, 200, {
        'Cache-Control': 'no-store',
      }),
    )
    .route('/api/oidc', oidcRoutes(signInParts))
    .use('/api/sign-in/*', curfew.protect({ optional: true }))
    .route('/api/sign-in/passkey', passkeySignInRoutes(signInParts))
    .route('/api/sign-in/oidc', oidcSignInRoutes(signInParts))
    .use('/api/*', curfew.protect())
    .route('/', curfew.routes)
    .route('/api/passkeys', passkeyRoutes(signInParts))
    .route('/api/account', accountRoutes(signInParts))
    .route('/api/conversations', conversationRoutes(store, { clock, newId }))
    .route('/api/settings', settingsRoutes(store, policy));
}

/** The reference application's API, for a typed client. */
export type App = ReturnType<typeof createApi>;

/**
 * The reference application: its API and, beside it, the pages that use it.
 *
 * @param root the folder of the built pages; without it there is only the API
 */
export function createApp(parts: AppDependencies, root: string | null = null): Hono {
  const app = new Hono();
  app.use(parts.metrics.count, logRequests(parts), discardRest, noSniffing);
  app.route('/', createApi(parts));
  app.onError(answerFailure(parts));
  const show = root === null ? null : dispatchTo(pages(root)).dispatch;
  // What no route takes is a page, but beneath the API.
  app.notFound((c) => (show && !/^\/api(\/|$)/.test(c.req.path) ? show(c) : problem(c, 'not_found')));
  return app;
}
